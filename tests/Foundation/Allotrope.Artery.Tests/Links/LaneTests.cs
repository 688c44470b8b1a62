namespace Allotrope.Artery.Tests;

/// <summary>What goes out first when much is waiting: a gate holds one frame, and behind it everything is queued.</summary>
public sealed class LaneTests
{
    Gate? _gate;

    [Fact]
    public async Task Intents_that_wait_together_go_out_in_one_frame()
    {
        await using var pair = await HeldAsync();
        for (var i = 2; i <= 500; i++)
            Assert.True(pair.A.TrySend(Pair.Intent("lamp.on", i)));
        Assert.Equal(499, pair.A.Waiting);
        var before = _gate!.Frames;
        _gate.Open();
        for (var i = 1; i <= 500; i++)
            Assert.Equal($"lamp.on lamp {i}", await pair.AtB.NextAsync());
        Assert.Equal(2, _gate.Frames - before);
        Assert.Equal(2, pair.AtB.Batches);
    }

    [Fact]
    public async Task A_heartbeat_overtakes_the_intents_that_wait_and_counts_only_those_before_it()
    {
        await using var pair = await HeldAsync();
        for (var i = 2; i <= 10; i++)
            pair.A.TrySend(Pair.Intent("lamp.on", i));
        pair.AtA.Heartbeat = (_, output) => new CborWriter(output).Integer(pair.AtA.Passed.Count);
        Assert.True(pair.A.RequestHeartbeat());
        Assert.False(pair.A.RequestHeartbeat());
        _gate!.Open();
        Assert.Equal("lamp.on lamp 1", await pair.AtB.NextAsync());
        Assert.Equal("heartbeat 01", await pair.AtB.NextAsync());
        Assert.Equal("lamp.on lamp 2", await pair.AtB.NextAsync());
    }

    [Fact]
    public async Task Control_overtakes_a_heartbeat_and_state_keeps_its_place()
    {
        await using var pair = await HeldAsync();
        pair.A.TrySend(FrameKind.State, [0x80]);
        pair.A.TrySend(Pair.Intent("lamp.on", 2));
        pair.A.TrySend(FrameKind.Invoke, [0x81, 0x01]);
        pair.A.TrySend(FrameKind.Heartbeat, [0x05]);
        pair.A.TrySendAck(300);
        _gate!.Open();
        foreach (var expected in new[] { "lamp.on lamp 1", "Ack ac02", "heartbeat 05", "state 80", "lamp.on lamp 2", "invoke 8101" })
            Assert.Equal(expected, await pair.AtB.NextAsync());
    }

    [Fact]
    public async Task Nothing_waits_behind_a_large_resource()
    {
        await using var pair = await HeldAsync(first => first.TrySend(FrameKind.Resource, new byte[40_000]));
        pair.A.TrySend(Pair.Intent("lamp.on", 1));
        _gate!.Open();
        foreach (var expected in new[] { "resource 16384 more", "lamp.on lamp 1", "resource 16384 more", "resource 7232 end" })
            Assert.Equal(expected, await pair.AtB.NextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_state_arrives_whole_and_a_heartbeat_between_its_pieces(bool isSealed)
    {
        await using var pair = await HeldAsync(first => first.TrySend(FrameKind.State, new byte[2_000_000]), isSealed);
        pair.A.TrySend(FrameKind.Heartbeat, [0x05]);
        _gate!.Open();
        Assert.Equal("heartbeat 05", await pair.AtB.NextAsync());
        Assert.Equal("state 2000000 bytes", await pair.AtB.NextAsync());
    }

    [Fact]
    public async Task A_receiver_that_does_not_keep_up_costs_the_oldest_and_is_told()
    {
        await using var pair = await HeldAsync(options: new LinkOptions { Queue = 2 });
        for (var i = 2; i <= 5; i++)
            Assert.True(pair.A.TrySend(Pair.Intent("lamp.on", i)));
        _gate!.Open();
        foreach (var expected in new[] { 1, 4, 5 })
            Assert.Equal($"lamp.on lamp {expected}", await pair.AtB.NextAsync());
        Assert.Equal([(1, false), (2, true), (3, true), (4, false), (5, false)], pair.AtA.Passed);
    }

    [Fact]
    public async Task A_receiver_that_does_not_keep_up_is_severed_when_its_policy_says_so()
    {
        await using var pair = await HeldAsync(options: new LinkOptions { Queue = 2, Policy = QueuePolicy.Sever });
        for (var i = 2; i <= 3; i++)
            Assert.True(pair.A.TrySend(Pair.Intent("lamp.on", i)));
        Assert.False(pair.A.TrySend(Pair.Intent("lamp.on", 4)));
        Assert.Equal("closed 4490", await pair.AtA.NextAsync());
        Assert.Equal(CloseCode.Severed, (await pair.A.Completion).Code);
        Assert.Equal([(1, false), (2, true), (3, true)], pair.AtA.Passed);
    }

    [Fact]
    public async Task Sending_allocates_nothing_once_it_is_warm()
    {
        await using var pair = await HeldAsync(options: new LinkOptions { Queue = 256 });
        pair.AtA.Passed.EnsureCapacity(20_000);
        byte[] data = [0x82, 0x01, 0x02];
        Assert.Equal(0, Steadily.Allocates(() =>
        {
            for (var i = 0; i < 2_000; i++)
                pair.A.TrySend(Pair.Intent("lamp.on", i, data));
        }));
        _gate!.Open();
    }

    async Task<Pair> HeldAsync(Action<ArteryLink>? first = null, bool isSealed = false, LinkOptions? options = null)
    {
        var pair = await Pair.CreateAsync(isSealed, options, inner => _gate = new Gate(inner));
        // The service's PROOF has gone through when it can answer
        pair.B.TrySendAck(1);
        await pair.AtA.NextAsync();
        _gate!.Close();
        if (first is null)
            pair.A.TrySend(Pair.Intent("lamp.on", 1));
        else
            first(pair.A);
        await _gate.HeldAsync();
        return pair;
    }
}
