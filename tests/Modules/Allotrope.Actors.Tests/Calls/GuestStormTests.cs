using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests;

/// <summary>The same with guests: actors that call one another, and a component, called at random while their revisions are exchanged.</summary>
[Collection(nameof(Components))]
public sealed class GuestStormTests : IAsyncLifetime
{
    const string KeyValue = "wasmcloud:keyvalue";

    static readonly Dictionary<string, string> NoValues = [];
    static readonly ComponentLimits Hasty = ComponentLimits.Default with { CallTime = TimeSpan.FromSeconds(1) };

    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public Task Every_call_ends_and_the_workloads_answer_and_stop_afterwards() => StormAsync(seed: 1, callers: 8, count: 80, exchanges: 4);

    [Fact(Explicit = true)]
    public async Task Every_call_of_a_long_storm_does_so()
    {
        for (var seed = 100; seed < 120; seed++)
            await StormAsync(seed, callers: 32, count: 200, exchanges: 10);
    }

    async Task StormAsync(int seed, int callers, int count, int exchanges)
    {
        await using var provider = await _node.Lattice.ServeAsync(Subjects.Invoke("slow"), async (_, stop) =>
        {
            await Task.Delay(1, stop);
            return new Message("", Payload.Of(new InvocationResult("late"u8.ToArray()), ContractsJson.Default.InvocationResult));
        });
        await ExchangeAsync(1, 3);
        var calling = Enumerable.Range(0, callers).Select(caller => CallAsync(new Random((seed * 1000) + caller), count)).ToList();
        for (var exchange = 0; exchange < exchanges; exchange++)
            await ExchangeAsync(2 + exchange, 1 + (7 * exchange % 20));
        await Task.WhenAll(calling).WaitAsync(2 * ActorNode.Patience, TestContext.Current.CancellationToken);

        Assert.Equal("ping"u8.ToArray(), (await _node.CallAsync("first", "host", Probe.HostCall("", "second", "echo", "ping"u8))).Body.ToArray());
        Assert.Equal((200, "0"), await _node.GetAsync("component", "/count"));
        foreach (var workload in new[] { "first", "second", "component" })
            await _node.StopAsync(workload); // after the calls under way, of which none is left over
    }

    async Task ExchangeAsync(int revision, int instances)
    {
        await _node.RunAsync("second", Probe.Signed("second", revision), instances, limits: Hasty);
        await _node.RunAsync(
            "first", Probe.Signed("first", revision, capabilities: KeyValue), instances, limits: Hasty,
            links: [new("slow", ComponentKind.Capability, KeyValue, "default", NoValues), new("second", ComponentKind.Actor, "second", "default", NoValues)]);
        await _node.RunComponentAsync("component", HttpExchange.Guest("streams-c/streams.wasm"), instances, limits: Hasty);
    }

    async Task CallAsync(Random random, int count)
    {
        for (var call = 0; call < count; call++)
        {
            using var impatience = new CancellationTokenSource();
            if (random.Next(6) == 0)
                impatience.CancelAfter(random.Next(10));
            try
            {
                await (random.Next(3) == 0 ? RequestAsync(random, impatience.Token) : InvokeAsync(random, impatience.Token)).WaitAsync(ActorNode.Patience);
            }
            catch (Exception error) when (error is FaultException or OperationCanceledException or IOException)
            {
                // It ended, which is what is asked here.
            }
        }
    }

    Task<Message> InvokeAsync(Random random, CancellationToken cancellation)
    {
        var (operation, body) = random.Next(20) switch
        {
            < 11 => ("echo", "ping"u8.ToArray()),
            < 14 => ("host", Probe.HostCall("default", KeyValue, "KeyValue.Get", "key"u8)),
            < 17 => ("host", Probe.HostCall("", "second", "echo", "ping"u8)),
            < 18 => ("unreachable", []),
            < 19 => ("host", Probe.HostCall("", "second", "unreachable", [])),
            _ => ("spin", []),
        };
        var time = operation == "spin" ? TimeSpan.FromMilliseconds(random.Next(1, 30)) : ActorNode.Patience;
        return _node.Lattice.RequestAsync(
            new Message(Subjects.Invoke("first"), Payload.Of(new Invocation("test", "", "", operation, body), ContractsJson.Default.Invocation)), time, cancellation).AsTask();
    }

    async Task RequestAsync(Random random, CancellationToken cancellation)
    {
        var (path, isLate) = (random.Next(10) switch { 0 => "/trap/0", < 5 => "/count", _ => "/echo" }, random.Next(2) == 0);
        var request = isLate ? new ByteStream() : HttpExchange.Body([1, 2, 3]);
        var answering = _node.SendAsync("component", "POST", path, request, cancellation);
        if (isLate)
        {
            await Task.Yield(); // so that the guest waits, most times
            request.Complete();
        }
        var (_, body) = await answering;
        if (body is not null)
            await HttpExchange.ReadToEndAsync(body);
    }
}
