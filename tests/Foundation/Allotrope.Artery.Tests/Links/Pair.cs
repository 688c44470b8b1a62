using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

/// <summary>A core and a service of the zone "home", linked in memory.</summary>
sealed class Pair : IAsyncDisposable
{
    public static readonly ArteryKey Key = ArteryKey.OfZone("a secret of the zone"u8, "home");

    public static readonly Origin Lamp = new("lamp", 7);

    Pair(ArteryLink a, ArteryLink b, Witness atA, Witness atB) => (A, B, AtA, AtB) = (a, b, atA, atB);

    /// <summary>The core, which dialled.</summary>
    public ArteryLink A { get; }

    /// <summary>The service.</summary>
    public ArteryLink B { get; }

    public Witness AtA { get; }

    public Witness AtB { get; }

    public static HandshakeOffer Offer(bool isSealed = false, string service = "lamp") =>
        new() { Role = ArteryRole.Core, Zone = "home", Service = service, Key = Key, Epoch = 1, Sealed = isSealed };

    public static HandshakeAnswer Answer(ILinkReceiver receiver) =>
        new() { Role = ArteryRole.Service, Keys = [Key], Epoch = 7, Receiver = receiver };

    public static async Task<Pair> CreateAsync(
        bool isSealed = false, LinkOptions? options = null, Func<IArteryTransport, IArteryTransport>? between = null)
    {
        var (a, b) = MemoryTransport.CreatePair();
        var (atA, atB) = (new Witness(), new Witness());
        var accepting = ArteryLink.AcceptAsync(b, _ => Answer(atB), TimeProvider.System, new SeededRandom(2), default);
        var dialled = await ArteryLink.DialAsync(
            between?.Invoke(a) ?? a, Offer(isSealed), atA, options ?? LinkOptions.Default, TimeProvider.System, new SeededRandom(1), default);
        return new Pair(dialled, await accepting, atA, atB);
    }

    public static Intent Intent(string name, long sequence, ReadOnlySpan<byte> data = default) =>
        new(name, Lamp, sequence, 1_000_000 + sequence, data);

    public async ValueTask DisposeAsync()
    {
        await A.Wire.CloseAsync(CloseCode.Normal, "");
        await B.Wire.CloseAsync(CloseCode.Normal, "");
    }
}
