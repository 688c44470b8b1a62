using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

/// <summary>Several (zone, service) pairs on one wire.</summary>
public sealed class SharedWireTests
{
    readonly Dictionary<string, Witness> _services = new() { ["lamp"] = new(), ["door"] = new() };

    [Fact]
    public async Task Each_link_hears_only_its_own()
    {
        await using var wire = Dial();
        var lamp = await OpenAsync(wire, "lamp", isSealed: true);
        var door = await OpenAsync(wire, "door", isSealed: false);
        Assert.Equal((0, 1), (lamp.Number, door.Number));
        lamp.TrySend(Pair.Intent("to.lamp", 1));
        door.TrySend(Pair.Intent("to.door", 2));
        Assert.Equal("to.lamp lamp 1", await _services["lamp"].NextAsync());
        Assert.Equal("to.door lamp 2", await _services["door"].NextAsync());
        Assert.False(_services["lamp"].TryNext(out _) || _services["door"].TryNext(out _));
    }

    [Fact]
    public async Task Closing_one_link_leaves_the_other()
    {
        await using var wire = Dial();
        var lamp = await OpenAsync(wire, "lamp");
        var door = await OpenAsync(wire, "door");
        await lamp.CloseAsync(CloseCode.Replaced, "a newer artery");
        Assert.Equal("closed 4410", await _services["lamp"].NextAsync());
        Assert.False(lamp.TrySend(Pair.Intent("to.lamp", 1)));
        Assert.True(door.TrySend(Pair.Intent("to.door", 2)));
        Assert.Equal("to.door lamp 2", await _services["door"].NextAsync());
        Assert.False(wire.Completion.IsCompleted);
    }

    [Fact]
    public async Task The_last_link_takes_the_wire_with_it()
    {
        await using var wire = Dial();
        var lamp = await OpenAsync(wire, "lamp");
        var door = await OpenAsync(wire, "door");
        await lamp.CloseAsync(CloseCode.Normal, "");
        await door.CloseAsync(CloseCode.Normal, "done");
        Assert.Equal(new LinkEnd(CloseCode.Normal, "done"), await wire.Completion);
    }

    [Fact]
    public async Task A_service_that_is_not_known_closes_the_wire()
    {
        await using var wire = Dial();
        var lamp = await OpenAsync(wire, "lamp");
        await Assert.ThrowsAsync<ArteryException>(() => OpenAsync(wire, "ghost"));
        Assert.Equal(CloseCode.NotAuthenticated, (await lamp.Completion).Code);
    }

    ArteryWire Dial()
    {
        var (a, b) = MemoryTransport.CreatePair();
        ArteryWire.Accept(
            b, hello => _services.TryGetValue(hello.Service, out var witness) ? Pair.Answer(witness) : null, TimeProvider.System,
            new SeededRandom(2));
        return ArteryWire.Dial(a, TimeProvider.System, new SeededRandom(1));
    }

    static Task<ArteryLink> OpenAsync(ArteryWire wire, string service, bool isSealed = false) =>
        wire.OpenAsync(Pair.Offer(isSealed, service), new Witness(), LinkOptions.Default, default);
}
