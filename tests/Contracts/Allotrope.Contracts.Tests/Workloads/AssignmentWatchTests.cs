using System.Collections.Concurrent;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Contracts.Tests;

public sealed class AssignmentWatchTests : IAsyncLifetime
{
    const string Node = "NODE";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly InProcessLattice _lattice = new(TimeProvider.System);
    readonly ConcurrentQueue<string> _calls = new();
    Func<Assignment, CancellationToken, Task<WorkloadStatus>> _converge = (assignment, _) => Task.FromResult(Running(assignment));
    IBucket _assignments = null!;
    IBucket _status = null!;

    [Fact]
    public async Task An_assignment_is_started_and_its_status_told()
    {
        await using var watch = await StartAsync();
        await AssignAsync("app-web", revision: 7);
        var status = await StatusAsync("app-web", WorkloadState.Running);
        Assert.Equal((7, "Runs."), (status.Revision, status.Message));
    }

    [Fact]
    public async Task What_was_assigned_before_the_start_is_started()
    {
        await AssignAsync("app-web");
        await using var watch = await StartAsync();
        await StatusAsync("app-web", WorkloadState.Running);
    }

    [Fact]
    public async Task A_changed_assignment_is_converged_again_and_told_again()
    {
        await using var watch = await StartAsync();
        await AssignAsync("app-web", revision: 1);
        await StatusAsync("app-web", WorkloadState.Running, revision: 1);
        await AssignAsync("app-web", revision: 2);
        await StatusAsync("app-web", WorkloadState.Running, revision: 2);
        Assert.Equal(["converge app-web 1", "converge app-web 2"], _calls);
    }

    [Fact]
    public async Task An_assignment_taken_away_is_stopped_and_its_status_goes()
    {
        await using var watch = await StartAsync();
        await AssignAsync("app-web");
        await StatusAsync("app-web", WorkloadState.Running);
        await _assignments.DeleteAsync($"{Node}.app-web");
        await NoStatusAsync("app-web");
        Assert.Equal(["converge app-web 1", "stop app-web"], _calls);
    }

    [Fact]
    public async Task A_fault_becomes_a_failed_status_with_its_sentence()
    {
        _converge = (_, _) => throw new FaultException(new Fault.Refused("The actor is not signed."));
        await using var watch = await StartAsync();
        await AssignAsync("app-web", revision: 3);
        var status = await StatusAsync("app-web", WorkloadState.Failed);
        Assert.Equal((3, "The actor is not signed."), (status.Revision, status.Message));
    }

    [Fact]
    public async Task An_unexpected_error_becomes_a_failed_status_and_the_next_assignment_works()
    {
        _converge = (assignment, _) => assignment.Revision == 1 ? throw new InvalidOperationException("bug") : Task.FromResult(Running(assignment));
        await using var watch = await StartAsync();
        await AssignAsync("app-web", revision: 1);
        Assert.Contains("bug", (await StatusAsync("app-web", WorkloadState.Failed)).Message);
        await AssignAsync("app-web", revision: 2);
        await StatusAsync("app-web", WorkloadState.Running, revision: 2);
    }

    [Fact]
    public async Task An_assignment_nobody_can_read_fails_by_itself()
    {
        await using var watch = await StartAsync();
        await _assignments.PutAsync($"{Node}.app-odd", "no assignment"u8.ToArray());
        await StatusAsync("app-odd", WorkloadState.Failed);
        await AssignAsync("app-web");
        await StatusAsync("app-web", WorkloadState.Running);
    }

    [Fact]
    public async Task A_workload_that_is_slow_to_start_holds_up_no_other()
    {
        var slow = new TaskCompletionSource();
        _converge = async (assignment, _) =>
        {
            if (assignment.Workload == "app-slow")
                await slow.Task;
            return Running(assignment);
        };
        await using var watch = await StartAsync();
        await AssignAsync("app-slow");
        await AssignAsync("app-quick");
        await StatusAsync("app-quick", WorkloadState.Running);
        Assert.Equal(WorkloadState.Starting, (await StatusAsync("app-slow", WorkloadState.Starting)).State);
        slow.SetResult();
        await StatusAsync("app-slow", WorkloadState.Running);
    }

    [Fact]
    public async Task Calls_for_one_workload_never_overlap_and_what_was_wanted_in_between_is_skipped()
    {
        var (begun, first) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (running, most) = (0, 0);
        _converge = async (assignment, _) =>
        {
            if (assignment.Workload == "app-last")
                return Running(assignment);
            most = Math.Max(most, Interlocked.Increment(ref running));
            begun.TrySetResult();
            if (assignment.Revision == 1)
                await first.Task;
            Interlocked.Decrement(ref running);
            return Running(assignment);
        };
        await using var watch = await StartAsync();
        await AssignAsync("app-web", revision: 1);
        await begun.Task.WaitAsync(Patience);
        await AssignAsync("app-web", revision: 2);
        await AssignAsync("app-web", revision: 3);
        await AssignAsync("app-last");
        await StatusAsync("app-last", WorkloadState.Running); // so that the watch has seen all three
        first.SetResult();
        await StatusAsync("app-web", WorkloadState.Running, revision: 3);
        Assert.DoesNotContain("converge app-web 2", _calls);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Assignments_of_other_modules_and_other_nodes_are_left_alone()
    {
        await using var watch = await StartAsync();
        await AssignAsync("app-web", contract: "other:contract");
        await AssignAsync("app-web", node: "ELSEWHERE");
        await AssignAsync("app-mine");
        await StatusAsync("app-mine", WorkloadState.Running);
        Assert.Equal(["converge app-mine 1"], _calls);
    }

    [Fact]
    public async Task A_workload_that_becomes_another_modules_is_stopped()
    {
        await using var watch = await StartAsync();
        await AssignAsync("app-web", revision: 1);
        await StatusAsync("app-web", WorkloadState.Running);
        await AssignAsync("app-web", revision: 2, contract: "other:contract");
        await NoStatusAsync("app-web");
        Assert.Equal(["converge app-web 1", "stop app-web"], _calls);
    }

    [Fact]
    public async Task Disposing_stops_everything_and_awaits_it()
    {
        var watch = await StartAsync();
        await AssignAsync("app-one");
        await AssignAsync("app-two");
        await StatusAsync("app-one", WorkloadState.Running);
        await StatusAsync("app-two", WorkloadState.Running);
        await watch.DisposeAsync();
        Assert.Equal(["stop app-one", "stop app-two"], _calls.Where(call => call.StartsWith("stop", StringComparison.Ordinal)).Order());
        Assert.Empty(await _status.KeysAsync().ToListAsync());
    }

    [Fact]
    public async Task Disposing_cancels_a_start_that_does_not_end()
    {
        var begun = new TaskCompletionSource();
        _converge = async (assignment, stop) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return Running(assignment);
        };
        var watch = await StartAsync();
        await AssignAsync("app-web");
        await begun.Task.WaitAsync(Patience);
        await watch.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(["converge app-web 1", "stop app-web"], _calls);
    }

    [Fact]
    public async Task A_module_may_report_by_itself()
    {
        await using var watch = await StartAsync();
        await AssignAsync("app-web");
        var status = await StatusAsync("app-web", WorkloadState.Running);
        await watch.ReportAsync(status with { State = WorkloadState.Failed, Message = "It died." });
        Assert.Equal("It died.", (await StatusAsync("app-web", WorkloadState.Failed)).Message);
    }

    public async ValueTask InitializeAsync()
    {
        _assignments = await _lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments));
        _status = await _lattice.OpenBucketAsync(new BucketOptions(Buckets.Status));
    }

    public async ValueTask DisposeAsync() => await _lattice.DisposeAsync();

    Task<AssignmentWatch> StartAsync() => AssignmentWatch.StartAsync(_lattice, Node, new WorkloadHandlers(
        assignment => assignment.Contract == "test:contract",
        (assignment, stop) =>
        {
            _calls.Enqueue($"converge {assignment.Workload} {assignment.Revision}");
            return _converge(assignment, stop);
        },
        workload =>
        {
            _calls.Enqueue($"stop {workload}");
            return Task.CompletedTask;
        }));

    async Task AssignAsync(string workload, long revision = 1, string contract = "test:contract", string node = Node)
    {
        var assignment = new Assignment(
            node, workload, "app", workload[4..], revision, ComponentKind.Capability, "builtin:test", contract, "default", 1, ComponentLimits.Default,
            new Dictionary<string, string>(), [], []);
        await _assignments.PutAsync($"{node}.{workload}", Payload.Of(assignment, ContractsJson.Default.Assignment).ToBytes());
    }

    async Task<WorkloadStatus> StatusAsync(string workload, WorkloadState state, long? revision = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var watch = await _status.WatchAsync($"{Node}.{workload}");
        await foreach (var one in watch.ReadAllAsync(patience.Token))
            if (one is WatchEvent.Put { Entry: var entry } && Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus) is var status
                && status.State == state && (revision is null || status.Revision == revision))
                return status;
        throw new InvalidOperationException("The bucket was closed.");
    }

    async Task NoStatusAsync(string workload)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var watch = await _status.WatchAsync($"{Node}.{workload}");
        var present = false;
        await foreach (var one in watch.ReadAllAsync(patience.Token))
        {
            present = one is WatchEvent.Put || present && one is WatchEvent.Current;
            if (!present)
                return;
        }
    }

    static WorkloadStatus Running(Assignment assignment) => new(
        assignment.Node, assignment.Workload, assignment.Component, assignment.Revision, WorkloadState.Running, 1, "Runs.", []);
}
