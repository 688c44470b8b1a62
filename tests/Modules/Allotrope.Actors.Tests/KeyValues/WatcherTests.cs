using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.KeyValues;

/// <summary>A component that watches a store, in either draft; the test is its provider.</summary>
[Collection(nameof(Components))]
public sealed class WatcherTests : IAsyncLifetime
{
    const string Provider = "shop-store";

    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("watch-c/watch.wasm")]
    [InlineData("watch-c/watch-draft.wasm")]
    public async Task A_component_is_told_of_changes_with_the_bucket_they_are_in(string guest)
    {
        var asked = new List<KeyValueCall>();
        await using var store = await _node.Lattice.ServeAsync(Subjects.KeyValue(Provider), (request, _) =>
        {
            asked.Add(request.Payload.As(ContractsJson.Default.KeyValueCall));
            return ValueTask.FromResult(new Message("", Payload.Of(new KeyValueReply(), ContractsJson.Default.KeyValueReply)));
        });
        await RunAsync(guest, Link("notes", "other"), Link("shared", "orders"));
        Assert.Null(await TellAsync(new KeyValueChange.Written(Provider, "orders", "a/1", "ten"u8.ToArray())));
        Assert.Null(await TellAsync(new KeyValueChange.Deleted(Provider, "orders", "a/1")));
        Assert.Equal(["a/1 = ten", "a/1 is gone"], (await _node.LogsAsync("watch")).Select(line => line.Text));
        Assert.Equal(2, asked.Count);
        Assert.All(asked, call => Assert.Equal(("watch", "shared"), (call.Origin, call.LinkName)));
        Assert.All(asked, call => Assert.Equal(["last"], Assert.IsType<KeyValueOperation.Set>(call.Operation).Values.Select(pair => pair.Key)));
    }

    [Fact]
    public async Task Nothing_can_be_done_with_a_bucket_that_the_component_has_no_link_to()
    {
        await RunAsync("watch-c/watch.wasm", Link("default", "other"));
        await TellAsync(new KeyValueChange.Written(Provider, "orders", "a", "1"u8.ToArray()));
        Assert.Equal(["a = 1, which it may not write down"], (await _node.LogsAsync("watch")).Select(line => line.Text));
    }

    [Fact]
    public async Task Changes_that_were_missed_are_in_the_log()
    {
        await RunAsync("watch-c/watch.wasm", Link("default", "orders"));
        Assert.Null(await TellAsync(new KeyValueChange.Missed(Provider, "orders")));
        Assert.Equal(["Changes in orders were dropped: more keys changed than may wait for the component."], (await _node.LogsAsync("watch")).Select(line => line.Text));
    }

    [Fact]
    public async Task A_component_that_exports_no_watcher_cannot_be_told()
    {
        await _node.RunComponentAsync("watch", HttpExchange.Guest("hello-c/hello.wasm"));
        var error = await Assert.ThrowsAsync<FaultException>(() => TellAsync(new KeyValueChange.Deleted(Provider, "orders", "a")));
        Assert.Contains("exports no wasi:keyvalue/watcher", error.Message, StringComparison.Ordinal);
    }

    static BoundLink Link(string name, string bucket) =>
        new(Provider, ComponentKind.Capability, "wasi:keyvalue", name, new Dictionary<string, string> { ["bucket"] = bucket }) { Interfaces = ["store"] };

    async Task RunAsync(string guest, params BoundLink[] links)
    {
        var status = await _node.RunComponentAsync("watch", HttpExchange.Guest(guest), links: links);
        Assert.True(status.State == WorkloadState.Running, status.Message);
    }

    async Task<string?> TellAsync(KeyValueChange change) => (await _node.Lattice.RequestAsync(
        new Message(Subjects.Change("watch"), Payload.Of(change, ContractsJson.Default.KeyValueChange)), ActorNode.Patience)).Payload.As(ContractsJson.Default.MessageOutcome).Error;
}
