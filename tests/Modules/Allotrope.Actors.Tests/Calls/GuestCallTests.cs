using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests;

public sealed class GuestCallTests : IAsyncLifetime
{
    static readonly byte[] Hello = "hello"u8.ToArray();

    ActorNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        await _node.RunAsync("probe", Probe.Signed());
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_argument_reaches_the_guest_and_its_answer_the_caller()
    {
        var result = await _node.CallAsync("probe", "echo", Hello);

        Assert.Null(result.Error);
        Assert.Equal(Hello, result.Body.ToArray());
    }

    [Fact]
    public async Task An_empty_argument_and_answer_are_fine() => Assert.Equal(0, (await _node.CallAsync("probe", "echo")).Body.Length);

    [Fact]
    public async Task A_large_argument_makes_the_guest_grow_and_comes_back_whole()
    {
        var large = new byte[3_000_000];
        new SeededRandom(7).Fill(large);

        Assert.Equal(large, (await _node.CallAsync("probe", "echo", large)).Body.ToArray());
    }

    [Fact]
    public async Task Start_and_wapc_init_run_once_each() => Assert.Equal(1 + 16, await _node.NumberAsync("probe", "initialised"));

    [Fact]
    public async Task An_instance_is_used_again()
    {
        for (var call = 1; call <= 200; call++)
            Assert.Equal(call, await _node.NumberAsync("probe", "calls"));
    }

    [Fact]
    public async Task What_the_guest_calls_an_error_is_the_result_not_a_fault()
    {
        var result = await _node.CallAsync("probe", "fail", "no such counter"u8.ToArray());

        Assert.Equal("no such counter", result.Error);
        Assert.Equal(0, result.Body.Length);
    }

    [Fact]
    public async Task A_guest_that_fails_quietly_is_named() =>
        Assert.Equal("Actor probe failed and did not say why.", (await _node.CallAsync("probe", "quiet")).Error);

    [Fact]
    public async Task A_trap_names_the_actor_its_kind_and_the_functions()
    {
        var fault = Assert.IsType<Fault.Failed>(await _node.FaultOfAsync("probe", "unreachable"));

        Assert.Contains("Actor probe trapped in unreachable", fault.Message, StringComparison.Ordinal);
        Assert.Contains("innermost ← middle", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_stack_of_a_trap_is_in_the_actors_log()
    {
        await _node.FaultOfAsync("probe", "unreachable");

        var line = Assert.Single(await _node.LogsAsync("probe"));
        Assert.Equal("error", line.Level);
        Assert.Contains("at innermost", line.Text, StringComparison.Ordinal);
        Assert.Contains("at __guest_call", line.Text, StringComparison.Ordinal);
    }

    /// <summary>A module whose <c>__guest_call</c> throws its one tag.</summary>
    [Fact]
    public async Task An_exception_that_the_guest_does_not_catch_is_a_failure_too()
    {
        var module = Modules.Of(
            [1, 10, 2, 0x60, 0, 0, 0x60, 2, 0x7f, 0x7f, 1, 0x7f], [3, 2, 1, 1], [5, 3, 1, 0, 1], [13, 3, 1, 0, 0],
            [7, 25, 2, 6, .. "memory"u8, 2, 0, 12, .. "__guest_call"u8, 0, 0], [10, 6, 1, 4, 0, 8, 0, 0x0b]);
        await _node.RunAsync("thrower", Probe.Sign(module, new ActorDescription { Name = "thrower" }));

        var fault = Assert.IsType<Fault.Failed>(await _node.FaultOfAsync("thrower", "anything"));

        Assert.Contains("Actor thrower threw in anything", fault.Message, StringComparison.Ordinal);
        Assert.Contains("__guest_call", Assert.Single(await _node.LogsAsync("thrower")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trapped_instance_is_replaced()
    {
        await _node.NumberAsync("probe", "calls");
        await _node.FaultOfAsync("probe", "unreachable");

        Assert.Equal(1, await _node.NumberAsync("probe", "calls"));
    }

    [Fact]
    public async Task An_answer_from_outside_the_guests_memory_is_a_trap() =>
        Assert.Contains("memory", Assert.IsType<Fault.Failed>(await _node.FaultOfAsync("probe", "outside")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_giant_answer_is_refused_before_it_is_copied() =>
        Assert.Contains("2147483647 bytes", Assert.IsType<Fault.Exhausted>(await _node.FaultOfAsync("probe", "giant")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Console_lines_are_in_the_log_and_on_the_bus()
    {
        await using var subscription = await _node.Lattice.SubscribeAsync(Subjects.Log("probe"));
        await _node.CallAsync("probe", "log", Encoding.UTF8.GetBytes("grüezi"));

        using var patience = new CancellationTokenSource(ActorNode.Patience);
        var published = (await subscription.Messages.ReadAsync(patience.Token)).Payload.As(ContractsJson.Default.LogLine);
        Assert.Equal(("info", "grüezi", "probe"), (published.Level, published.Text, published.Workload));
        Assert.Equal("grüezi", Assert.Single(await _node.LogsAsync(null)).Text);
    }

    [Fact]
    public async Task A_call_beyond_its_time_is_interrupted_and_says_where()
    {
        await _node.RunAsync("hasty", Probe.Signed(), limits: new ComponentLimits(64, TimeSpan.FromSeconds(1)));

        var fault = Assert.IsType<Fault.TimedOut>(await _node.FaultOfAsync("hasty", "spin"));
        Assert.Contains("spin_for_ever", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Hello, (await _node.CallAsync("hasty", "echo", Hello)).Body.ToArray());
    }

    [Fact]
    public async Task A_call_whose_caller_has_gone_is_interrupted()
    {
        await _node.RunAsync("patient", Probe.Signed(), limits: new ComponentLimits(64, TimeSpan.FromMinutes(5)));

        Assert.IsType<Fault.TimedOut>(await _node.FaultOfAsync("patient", "spin", timeout: TimeSpan.FromMilliseconds(50)));
        Assert.Equal(Hello, (await _node.CallAsync("patient", "echo", Hello)).Body.ToArray());
    }

    [Fact]
    public async Task Many_calls_at_once_all_get_their_own_answer()
    {
        await _node.RunAsync("wide", Probe.Signed(), instances: 4);

        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
            Assert.Equal(Probe.Number(i), (await _node.CallAsync("wide", "echo", Probe.Number(i))).Body.ToArray()));
    }

    [Fact]
    public async Task Calls_that_wait_too_long_for_an_instance_time_out()
    {
        using var enough = new CancellationTokenSource();
        var spin = Payload.Of(new Invocation("test", "", "", "spin", default), ContractsJson.Default.Invocation);
        await _node.RunAsync("narrow", Probe.Signed(), limits: new ComponentLimits(64, ActorNode.Patience));
        var hog = _node.Lattice.RequestAsync(new Message(Subjects.Invoke("narrow"), spin), ActorNode.Patience, enough.Token).AsTask();

        await _node.RunAsync("narrow", Probe.Signed(), limits: new ComponentLimits(64, TimeSpan.FromSeconds(1)));
        Assert.IsType<Fault.TimedOut>(await _node.FaultOfAsync("narrow", "echo"));

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hog);
    }

    [Fact]
    public async Task More_waiting_calls_than_the_queue_holds_are_told_at_once()
    {
        await _node.RunAsync("busy", Probe.Signed(), limits: new ComponentLimits(64, TimeSpan.FromSeconds(3)));

        var hog = _node.FaultOfAsync("busy", "spin");
        var waiting = Enumerable.Range(0, ActorLimits.WaitingCalls).Select(_ => _node.CallAsync("busy", "echo")).ToList();
        Assert.IsType<Fault.Exhausted>(await _node.FaultOfAsync("busy", "echo"));

        Assert.IsType<Fault.TimedOut>(await hog);
        await Assert.AllAsync(waiting, EndsAsync);

        // Whether one's own time ends before the hog's does is a matter of microseconds; none may be forgotten.
        static async Task EndsAsync(Task<InvocationResult> call)
        {
            if (await Xunit.Record.ExceptionAsync(() => call) is { } error)
                Assert.IsType<Fault.TimedOut>(Assert.IsType<FaultException>(error).Fault);
        }
    }
}
