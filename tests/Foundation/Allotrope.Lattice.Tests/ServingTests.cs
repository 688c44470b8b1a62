using Allotrope.Conformance;
using Allotrope.Kernel;

namespace Allotrope.Lattice.Tests;

public sealed class ServingTests
{
    readonly ManualTime _time = new();

    [Fact]
    public async Task A_circle_of_requests_is_a_fault_and_not_the_end_of_the_process()
    {
        await using var lattice = new InProcessLattice(_time);
        await using var served = await lattice.ServeAsync("circle", (request, stop) => lattice.RequestAsync(request, cancellation: stop));
        var error = await Assert.ThrowsAsync<FaultException>(() => lattice.RequestAsync(new Message("circle")).AsTask());
        Assert.Contains("circle", Assert.IsType<Fault.Exhausted>(error.Fault).Message);
    }

    [Fact]
    public async Task A_handler_is_told_when_its_requester_gives_up()
    {
        await using var lattice = new InProcessLattice(_time);
        var told = new TaskCompletionSource();
        await using var served = await lattice.ServeAsync("slow", async (_, stop) =>
        {
            await using var registration = stop.Register(told.SetResult);
            await told.Task;
            return default;
        });
        var request = lattice.RequestAsync(new Message("slow"), TimeSpan.FromSeconds(1)).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await told.Task;
        Assert.IsType<Fault.TimedOut>((await Assert.ThrowsAsync<FaultException>(() => request)).Fault);
    }

    [Fact]
    public async Task The_timer_of_a_request_that_was_answered_does_not_cancel_the_next()
    {
        await using var lattice = new InProcessLattice(_time);
        var answer = new TaskCompletionSource<Message>();
        await using var served = await lattice.ServeAsync("slow", (_, _) => new ValueTask<Message>(answer.Task));
        var first = lattice.RequestAsync(new Message("slow"), TimeSpan.FromSeconds(1)).AsTask();
        answer.SetResult(default);
        await first;
        answer = new TaskCompletionSource<Message>();
        var second = lattice.RequestAsync(new Message("slow"), TimeSpan.FromSeconds(5)).AsTask();
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(second.IsCompleted);
        answer.SetResult(default);
        await second;
    }

    [Fact]
    public void A_scope_that_has_timed_out_is_not_used_again()
    {
        var pool = new ScopePool(_time);
        var scope = pool.Rent();
        scope.Start(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(scope.TimedOut && scope.IsCancellationRequested);
        pool.Return(scope);
        Assert.NotSame(scope, pool.Rent());
    }

    [Fact]
    public void A_scope_that_ended_in_time_is_used_again()
    {
        var pool = new ScopePool(_time);
        var scope = pool.Rent();
        scope.Start(TimeSpan.FromSeconds(1));
        pool.Return(scope);
        Assert.Same(scope, pool.Rent());
        scope.Start(TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(scope.IsCancellationRequested);
    }

    [Fact]
    public async Task Disposing_waits_for_a_handler_whose_requester_has_gone()
    {
        await using var lattice = new InProcessLattice(_time);
        var answer = new TaskCompletionSource<Message>();
        var served = await lattice.ServeAsync("slow", (_, _) => new ValueTask<Message>(answer.Task));
        var request = lattice.RequestAsync(new Message("slow"), TimeSpan.FromSeconds(1)).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<FaultException>(() => request);
        var disposing = served.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        answer.SetResult(default);
        await disposing;
    }

    [Fact]
    public async Task A_malformed_reply_subject_is_refused_where_it_is_published()
    {
        await using var lattice = new InProcessLattice(_time);
        var error = await Assert.ThrowsAsync<FaultException>(() => lattice.PublishAsync(new Message("a", ReplyTo: "b.*")).AsTask());
        Assert.IsType<Fault.Invalid>(error.Fault);
    }

    [Fact]
    public void Made_up_subjects_do_not_grow_the_routing_table_without_end()
    {
        var table = new RoutingTable();
        for (var i = 0; i < 30_000; i++)
        {
            table.Find($"made.up.{i}");
            Assert.InRange(table.Subjects, 1, RoutingTable.MostSubjects);
        }
    }
}
