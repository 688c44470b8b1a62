using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests;

public sealed class HostCallTests : IAsyncLifetime
{
    const string KeyValue = "wasmcloud:keyvalue";

    static readonly Dictionary<string, string> NoValues = [];
    static readonly BoundLink ToStore = new("store", ComponentKind.Capability, KeyValue, "default", NoValues);

    ActorNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        await _node.ServeEchoAsync("store");
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_contract_that_is_claimed_and_linked_reaches_its_provider()
    {
        await _node.RunAsync("caller", Probe.Signed(capabilities: KeyValue), links: [ToStore]);

        var result = await CallHostAsync("default", KeyValue, "KeyValue.Get", "key");

        Assert.Equal("store caller wasmcloud:keyvalue default KeyValue.Get key", Encoding.UTF8.GetString(result.Body.Span));
    }

    [Fact]
    public async Task A_contract_without_a_claim_is_an_error_text_and_reaches_nobody()
    {
        await _node.RunAsync("caller", Probe.Signed());

        Assert.StartsWith("missing capability claim for wasmcloud:keyvalue", await ErrorAsync("default", KeyValue), StringComparison.Ordinal);
        Assert.Equal(0, _node.EchoedCalls);
    }

    [Fact]
    public async Task A_link_to_a_contract_without_a_claim_keeps_the_actor_from_starting()
    {
        var status = await _node.RunAsync("caller", Probe.Signed(), links: [ToStore]);

        Assert.Equal((WorkloadState.Failed, "Refused"), (status.State, status.Fault));
        Assert.Contains("allot actor sign --cap wasmcloud:keyvalue", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default", "wasmcloud:messaging")]
    [InlineData("other", KeyValue)]
    [InlineData("", "")]
    [InlineData("", "MB43KVROR7TFJ6KAPCYRF2FJROTZAH4FHLTJLPWX4DRZCC5NASLGJBYB")]
    public async Task What_is_not_linked_is_an_error_text_and_reaches_nobody(string link, string contract)
    {
        await _node.RunAsync("caller", Probe.Signed(capabilities: [KeyValue, "wasmcloud:messaging"]), links: [ToStore]);

        Assert.StartsWith("not linked", await ErrorAsync(link, contract), StringComparison.Ordinal);
        Assert.Equal(0, _node.EchoedCalls);
    }

    [Fact]
    public async Task A_linked_actor_is_called_by_its_alias_and_by_its_key()
    {
        var callee = Probe.Signed("callee", alias: "test/callee");
        await _node.RunAsync("callee", callee);
        await _node.RunAsync("caller", Probe.Signed("caller"), links: [new("callee", ComponentKind.Actor, null, "default", NoValues)]);

        foreach (var name in new[] { "test/callee", SignedModule.Read(callee, TimeProvider.System).Module.ToString() })
            Assert.Equal("ping", Encoding.UTF8.GetString((await CallHostAsync("", name, "echo", "ping")).Body.Span));
    }

    [Fact]
    public async Task An_actor_that_runs_here_but_is_not_linked_cannot_be_called()
    {
        await _node.RunAsync("callee", Probe.Signed("callee", alias: "test/callee"));
        await _node.RunAsync("caller", Probe.Signed("caller"));

        Assert.StartsWith("not linked", await ErrorAsync("", "test/callee"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_actors_that_call_each_other_for_ever_end_when_their_time_does()
    {
        var limits = new ComponentLimits(64, TimeSpan.FromSeconds(1));
        await _node.RunAsync("a", Probe.Signed("a"), instances: 4, links: [new("b", ComponentKind.Actor, "b", "default", NoValues)], limits: limits);
        await _node.RunAsync("b", Probe.Signed("b"), links: [new("a", ComponentKind.Actor, "a", "default", NoValues)], limits: limits);
        var inner = Probe.HostCall("", "a", "spin", []);

        var result = await _node.CallAsync("a", "host", Probe.HostCall("", "b", "host", inner));

        Assert.NotNull(result.Error);
        Assert.Equal(0, (await _node.CallAsync("a", "echo")).Body.Length);
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_an_error_text()
    {
        await _node.RunAsync("caller", Probe.Signed(capabilities: KeyValue), links: [ToStore with { Workload = "nobody" }]);

        Assert.Contains("nobody", await ErrorAsync("default", KeyValue), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_provider_throws_is_an_error_text()
    {
        await _node.Lattice.ServeAsync(Subjects.Invoke("broken"), (_, _) => throw new FaultException(new Fault.Damaged("the disk is gone")));
        await _node.RunAsync("caller", Probe.Signed(capabilities: KeyValue), links: [ToStore with { Workload = "broken" }]);

        Assert.Equal("the disk is gone", await ErrorAsync("default", KeyValue));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_an_error_text()
    {
        await _node.RunAsync("caller", Probe.Signed());

        Assert.StartsWith("not linked", await ErrorAsync("default", new string('n', 200)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_wait_for_a_slow_provider_hold_up_no_other_actor()
    {
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _node.Lattice.ServeAsync(Subjects.Invoke("slow"), (_, _) => new ValueTask<Message>(answer.Task));
        await _node.RunAsync("caller", Probe.Signed(capabilities: KeyValue), instances: 32, links: [ToStore with { Workload = "slow" }]);
        await _node.RunAsync("neighbour", Probe.Signed());

        var waiting = Enumerable.Range(0, 32).Select(_ => CallHostAsync("default", KeyValue, "KeyValue.Get", "k")).ToList();
        for (var i = 0; i < 100; i++)
            await _node.CallAsync("neighbour", "echo");
        Assert.All(waiting, call => Assert.False(call.IsCompleted));
        answer.SetResult(new Message("", Payload.Of(new InvocationResult("late"u8.ToArray()), ContractsJson.Default.InvocationResult)));

        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal("late", Encoding.UTF8.GetString(result.Body.Span)));
    }

    [Fact]
    public async Task A_guest_that_floods_its_host_is_stopped()
    {
        await _node.RunAsync("caller", Probe.Signed(capabilities: KeyValue), links: [ToStore], limits: new(64, TimeSpan.FromMinutes(1)));

        var fault = await _node.FaultOfAsync("caller", "x", Probe.HostCall("default", KeyValue, "KeyValue.Set", new byte[1024 * 1024]));

        Assert.IsType<Fault.Exhausted>(fault);
        Assert.InRange(_node.EchoedCalls, 1, 64);
    }

    async Task<InvocationResult> CallHostAsync(string link, string contract, string operation, string body) =>
        await _node.CallAsync("caller", "host", Probe.HostCall(link, contract, operation, Encoding.UTF8.GetBytes(body)));

    async Task<string?> ErrorAsync(string link, string contract)
    {
        var result = await CallHostAsync(link, contract, "KeyValue.Get", "key");
        Assert.Equal(0, result.Body.Length);
        return result.Error;
    }
}
