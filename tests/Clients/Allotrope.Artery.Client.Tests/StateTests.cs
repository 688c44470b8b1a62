namespace Allotrope.Artery.Client.Tests;

public class StateTests
{
    readonly FakeCore _core = new();

    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task The_core_gets_the_whole_state_when_it_asks_and_changes_after_that()
    {
        await using var service = new ArteryService(_core.Options);
        service.SetState("on", true);
        service.SetState("gone", 1);
        service.RemoveState("gone");
        await service.StartAsync(Soon);
        _core.Beat(await _core.LinkAsync(), requesting: true);
        Assert.StartsWith("beat 1", await _core.NextAsync());
        Assert.Equal("full on=true next 1", await _core.NextAsync());
        service.SetState("level", 70);
        Assert.Equal("change level=70 next ", await _core.NextAsync());
        service.RemoveState("on");
        Assert.Equal("change on=null next ", await _core.NextAsync());
    }

    [Fact]
    public async Task The_zones_merged_state_comes_by_heartbeats()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        _core.Beat(link, state: Change(0, full: true, ("a", 1), ("b", 2)));
        Assert.Equal("beat 1 state 1 gaps 0", await _core.NextAsync());
        _core.Beat(link, state: Change(1, full: false, ("a", ArteryData.Null), ("b", 3)));
        Assert.Equal("beat 2 state 2 gaps 0", await _core.NextAsync());
        Assert.True(service.State["heater", "a"].IsNull);
        Assert.Equal(3, service.State["heater", "b"].ToInt64());
        Assert.Equal(TimeSpan.FromMicroseconds(1500), service.Pulse);
    }

    [Fact]
    public async Task A_change_of_a_state_that_is_not_here_is_not_confirmed()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        _core.Beat(await _core.LinkAsync(), state: Change(8, full: false, ("a", 1)));
        Assert.Equal("beat 1 state 0 gaps 0", await _core.NextAsync());
    }

    [Fact]
    public async Task State_has_no_bytes_and_an_end()
    {
        await using var service = new ArteryService(_core.Options);
        Assert.Throws<ArgumentException>(() => service.SetState("a", ArteryData.FromBytes(new byte[1])));
        Assert.Throws<ArgumentException>(() => service.SetState("a", new string('x', ArteryLimits.StateBytes)));
    }

    [Fact]
    public async Task The_state_of_this_moment_is_asked_of_the_core_and_there_must_be_one()
    {
        await using var service = new ArteryService(_core.Options);
        var error = await Assert.ThrowsAsync<InvokeException>(() => service.FetchStateAsync());
        Assert.Equal(InvocationCode.Unreachable, error.Code);
        await service.StartAsync(Soon);
        var (first, second) = (service.FetchStateAsync(), service.FetchStateAsync());
        Assert.Equal((2, 3), ((await first)["lamp", "level"].ToInt64(), (await second)["lamp", "level"].ToInt64()));
        Assert.Equal(7, (await first).Version);
    }

    [Fact]
    public async Task A_state_that_grows_beyond_what_a_zone_can_have_closes_the_artery()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        var large = ArteryData.FromString(new string('x', 900_000));
        for (var i = 0; !link.Completion.IsCompleted && i < 20; i++)
        {
            _core.Beat(link, state: Change(i, full: false, ($"key{i}", large)));
            await Task.WhenAny(link.Completion, _core.NextAsync());
        }

        Assert.Equal(CloseCode.TooLarge, (await link.Completion.WaitAsync(Soon)).Code);
    }

    static StateChange Change(long from, bool full, params (string Key, ArteryData Value)[] values) => new(
        from,
        new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>
        {
            ["heater"] = values.ToDictionary(pair => pair.Key, pair => pair.Value.IsNull ? StateMap.Removed : pair.Value.Cbor),
        },
        full);
}
