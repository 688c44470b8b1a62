using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

/// <summary>Each way to misbehave ends in a fault of its own call, and the next call is answered.</summary>
public sealed class HostileTests : IAsyncLifetime
{
    // For what ends of itself: the slow lane of a busy machine takes its time.
    static readonly ComponentLimits Patient = ComponentLimits.Default with { CallTime = TimeSpan.FromSeconds(20) };

    // For what never ends. The guest allocates with every line it logs: on a fast machine some 200 MB a second, so memory must outlast the time.
    static readonly ComponentLimits Hurried = ComponentLimits.Default with { CallTime = TimeSpan.FromMilliseconds(100), MemoryMebibytes = 512 };

    ActorNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        Assert.Equal(WorkloadState.Running, (await _node.RunAsync("hostile", ExampleActors.Hostile, limits: Patient)).State);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public Task An_endless_loop_runs_out_of_time() => RunsOutOfTimeAsync("/loop");

    [Fact]
    public Task Endless_logging_runs_out_of_time() => RunsOutOfTimeAsync("/log");

    [Fact]
    public Task A_deep_recursion_is_a_trap_that_names_the_function() => EndsAsync<Fault.Failed>("/stack", "hostile/index/recurse");

    [Fact]
    public Task A_memory_bomb_stops_at_its_limit() => EndsAsync<Fault.Failed>("/memory", "hostile/index/misbehave");

    [Fact]
    public Task A_giant_response_is_not_taken() => EndsAsync<Fault.Exhausted>("/response", $"{ActorLimits.ResponseBytes} are taken");

    [Fact]
    public Task A_trap_is_told() => EndsAsync<Fault.Failed>("/trap", "unreachable");

    async Task RunsOutOfTimeAsync(string path)
    {
        await _node.RunAsync("hostile", ExampleActors.Hostile, limits: Hurried);
        Assert.IsType<Fault.TimedOut>(await _node.FaultOfAsync("hostile", Http.Operation, Http.Request(path)));
        await _node.RunAsync("hostile", ExampleActors.Hostile, limits: Patient);
        await IsQuietAsync();
    }

    async Task EndsAsync<TFault>(string path, string reason = "")
        where TFault : Fault
    {
        var fault = Assert.IsType<TFault>(await _node.FaultOfAsync("hostile", Http.Operation, Http.Request(path)));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        await IsQuietAsync();
    }

    async Task IsQuietAsync() =>
        Assert.Equal("Quiet for now\n", Http.Read((await _node.CallAsync("hostile", Http.Operation, Http.Request("/"))).Body).Body);
}
