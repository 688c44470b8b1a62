using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.Components;

/// <summary>Instances are there before the calls that need them, and go when nobody does.</summary>
[Collection(nameof(Components))] // of which one measures memory
public sealed class ReadyInstancesTests : IAsyncLifetime
{
    static readonly byte[] Waits = HttpExchange.Guest("waits-c/waits.wasm");
    static readonly byte[] Streams = HttpExchange.Guest("streams-c/streams.wasm");

    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_call_has_instances_made_for_those_after_it()
    {
        await _node.RunComponentAsync("page", Waits, instances: 10);
        await _node.GetAsync("page", "/");
        await UntilReadyAsync("page", ActorLimits.WarmInstances);
        await _node.GetAsync("page", "/");
        await UntilReadyAsync("page", ActorLimits.WarmInstances);
    }

    [Fact]
    public async Task There_are_no_more_than_the_blueprint_allows_with_those_that_are_busy()
    {
        await _node.RunComponentAsync("echo", Streams, instances: 3);
        ByteStream[] requests = [new(), new()];
        foreach (var request in requests)
            await _node.SendAsync("echo", "POST", "/echo", request);
        await UntilReadyAsync("echo", 1);
        foreach (var request in requests)
            request.Complete();
        await UntilReadyAsync("echo", 3);
    }

    [Fact]
    public async Task Reused_ones_that_grew_much_are_given_up_when_idle()
    {
        _node.ReusesInstances = true;
        await _node.RunComponentAsync("waits", Waits);
        var (_, small) = await _node.GetAsync("waits", "/grow/0");
        var (_, large) = await _node.GetAsync("waits", "/grow/16");
        Assert.NotEqual(small, large);
        await UntilReadyAsync("waits", 0);
        Assert.Equal((200, small), await _node.GetAsync("waits", "/grow/0"));
    }

    [Fact]
    public async Task What_is_kept_ready_is_weighed_and_those_go_first_that_were_not_called_for_longest()
    {
        await using var small = await ActorNode.StartAsync(idleBytes: 13 << 20);
        small.ReusesInstances = true;
        foreach (var workload in (string[])["first", "second", "third"])
        {
            await small.RunComponentAsync(workload, Waits);
            await small.GetAsync(workload, "/grow/6"); // below what is given up for having grown
        }

        await UntilReadyAsync("third", 1, small);
        await UntilReadyAsync("first", 0, small);
        Assert.Equal((200, "ready"), await small.GetAsync("first", "/"));
        await UntilReadyAsync("first", 1, small);
    }

    [Fact]
    public async Task Instances_are_made_ahead_only_while_that_drives_none_out()
    {
        const long one = 4 * 65_536; // an instance of this guest
        await using var small = await ActorNode.StartAsync(idleBytes: (3 * one) - 1);
        await small.RunComponentAsync("page", Waits, instances: 10);
        await small.GetAsync("page", "/");
        await UntilReadyAsync("page", 2, small);
    }

    Task UntilReadyAsync(string workload, int count) => UntilReadyAsync(workload, count, _node);

    static async Task UntilReadyAsync(string workload, int count, ActorNode node)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (node.Ready(workload) != count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < ActorNode.Patience, $"{node.Ready(workload)} of {count} instances are ready");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
