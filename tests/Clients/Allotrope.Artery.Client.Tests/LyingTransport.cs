namespace Allotrope.Artery.Client.Tests;

/// <summary>The core's end of a wire on which frames become others.</summary>
sealed class LyingTransport(IArteryTransport honest, Func<int, byte[], IEnumerable<byte[]>> lie) : IArteryTransport
{
    int _sent;

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        foreach (var other in lie(_sent++, frame.ToArray()))
            await honest.SendAsync(other, cancellation);
    }

    public ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation) => honest.ReceiveAsync(maxBytes, cancellation);

    public ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation) => honest.CloseAsync(code, text, cancellation);

    public ValueTask DisposeAsync() => honest.DisposeAsync();
}
