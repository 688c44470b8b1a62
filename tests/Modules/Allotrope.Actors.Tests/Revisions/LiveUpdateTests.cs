using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

public sealed class LiveUpdateTests : IAsyncLifetime
{
    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Updates_and_scaling_under_load_fail_no_call()
    {
        await _node.RunAsync("busy", Probe.Signed(revision: 1), instances: 2);
        using var done = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(caller => CallUntilAsync(caller, done.Token)).ToList();

        for (var revision = 2; revision <= 12; revision++)
            await _node.RunAsync("busy", Probe.Signed(revision: revision), instances: 1 + (revision % 4));
        await done.CancelAsync();

        Assert.All(await Task.WhenAll(callers), calls => Assert.InRange(calls, 10, int.MaxValue));
    }

    [Fact]
    public async Task A_new_revision_answers_as_soon_as_it_is_reported()
    {
        var status = await _node.RunAsync("app", Probe.Signed(revision: 1), instances: 3);
        Assert.Equal((WorkloadState.Running, 1, 3), (status.State, status.Revision, status.Instances));
        await _node.NumberAsync("app", "calls");

        status = await _node.RunAsync("app", Probe.Signed(revision: 2), instances: 1);

        Assert.Equal((WorkloadState.Running, 2, 1), (status.State, status.Revision, status.Instances));
        Assert.Equal(1, await _node.NumberAsync("app", "calls"));
    }

    [Fact]
    public async Task A_call_under_way_finishes_on_the_revision_it_began_on()
    {
        await _node.RunAsync("app", Probe.Signed(revision: 1));
        var underWay = _node.FaultOfAsync("app", "spin");

        await _node.RunAsync("app", Probe.Signed(revision: 2), instances: 2);
        await _node.CallAsync("app", "echo");

        Assert.False(underWay.IsCompleted);
        Assert.IsType<Fault.TimedOut>(await underWay);
    }

    [Fact]
    public async Task An_update_that_cannot_start_leaves_the_old_revision_running_and_says_why()
    {
        await _node.RunAsync("app", Probe.Signed(revision: 1), instances: 2);
        var tampered = Probe.Signed(revision: 2);
        tampered[^20] ^= 1;

        var status = await _node.RunAsync("app", tampered, instances: 2);

        Assert.Equal((WorkloadState.Failed, 2, 2), (status.State, status.Revision, status.Instances));
        Assert.EndsWith("Revision 1 keeps running.", status.Message, StringComparison.Ordinal);
        Assert.NotNull(status.Fault);
        await _node.CallAsync("app", "echo");
    }

    [Fact]
    public async Task After_a_failed_update_a_good_one_takes_over()
    {
        await _node.RunAsync("app", Probe.Signed(revision: 1));
        await _node.RunAsync("app", [0, 1, 2, 3]);

        Assert.Equal(WorkloadState.Running, (await _node.RunAsync("app", Probe.Signed(revision: 3))).State);
    }

    [Fact]
    public async Task Scaling_down_lets_running_calls_finish()
    {
        await _node.RunAsync("app", Probe.Signed(), instances: 4, limits: new(64, TimeSpan.FromSeconds(1)));
        var hogs = Enumerable.Range(0, 4).Select(_ => _node.FaultOfAsync("app", "spin")).ToList();

        await _node.RunAsync("app", Probe.Signed(), instances: 1);

        Assert.All(await Task.WhenAll(hogs), fault => Assert.IsType<Fault.TimedOut>(fault));
        await _node.CallAsync("app", "echo");
    }

    [Fact]
    public async Task Scaled_to_nothing_it_is_unreachable_and_back_again_it_answers()
    {
        await _node.RunAsync("app", Probe.Signed(), instances: 0);
        Assert.IsType<Fault.Unreachable>(await _node.FaultOfAsync("app", "echo"));

        await _node.RunAsync("app", Probe.Signed(), instances: 1);
        await _node.CallAsync("app", "echo");
    }

    [Fact]
    public async Task A_workload_taken_away_is_gone_from_the_bus_and_can_come_back()
    {
        await _node.RunAsync("app", Probe.Signed());
        await _node.StopAsync("app");
        Assert.IsType<Fault.Unreachable>(await _node.FaultOfAsync("app", "echo"));

        await _node.RunAsync("app", Probe.Signed());
        Assert.Equal(1, await _node.NumberAsync("app", "calls"));
    }

    async Task<int> CallUntilAsync(int caller, CancellationToken done)
    {
        var calls = 0;
        for (; !done.IsCancellationRequested; calls++)
            Assert.Equal(Probe.Number(caller), (await _node.CallAsync("busy", "echo", Probe.Number(caller))).Body.ToArray());
        return calls;
    }
}
