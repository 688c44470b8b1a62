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

    async Task UntilReadyAsync(string workload, int count)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (_node.Ready(workload) != count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < ActorNode.Patience, $"{_node.Ready(workload)} of {count} instances are ready");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
