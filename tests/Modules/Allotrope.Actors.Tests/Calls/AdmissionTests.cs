using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

/// <summary>How many threads the calls of one workload have, and what becomes of those that get none.</summary>
public sealed class AdmissionTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly GuestMonitor _monitor = new(TimeProvider.System);
    readonly ManualResetEventSlim _gate = new();
    readonly Revision _revision = new();
    readonly GuestThreads _threads;
    readonly Admission<Revision> _admission;
    int _begun;

    public AdmissionTests()
    {
        _threads = new GuestThreads(_monitor);
        _admission = new Admission<Revision>(_revision, _threads);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        await _admission.DisposeAsync();
        await _revision.DisposeAsync();
        await _threads.DisposeAsync();
        _monitor.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task Calls_that_keep_their_threads_while_they_wait_have_so_many_and_the_rest_wait_their_turn()
    {
        var calls = Enumerable.Range(0, 300).Select(_ => Begin(run =>
        {
            run.BeginWait();
            _gate.Wait();
            run.EndWait();
        })).ToList();
        await UntilAsync(() => Volatile.Read(ref _begun) == ActorLimits.ConcurrentCalls);

        Assert.Equal(ActorLimits.ConcurrentCalls, calls.Count(call => call.Begun));
        Assert.InRange(_threads.Count, ActorLimits.ConcurrentCalls, ActorLimits.ConcurrentCalls + GuestThreads.PromptThreads);
        Assert.All(calls.Take(ActorLimits.ConcurrentCalls), call => Assert.True(call.Begun, "one that came later overtook it"));
        _gate.Set();
        await Task.WhenAll(calls.Select(call => call.Done)).WaitAsync(Patience);
    }

    [Fact]
    public async Task One_whose_time_passes_before_its_turn_is_refused_in_one_sentence_and_leaves_its_place()
    {
        var waiting = Enumerable.Range(0, ActorLimits.ConcurrentCalls).Select(_ => Begin(run =>
        {
            run.BeginWait();
            _gate.Wait();
            run.EndWait();
        })).ToList();
        await UntilAsync(() => Volatile.Read(ref _begun) == ActorLimits.ConcurrentCalls);
        var late = Begin(_ => { }, TimeSpan.FromMilliseconds(20));

        Assert.Equal(Shortage.Turn, (await Assert.ThrowsAsync<ShortageException>(() => late.Done.WaitAsync(Patience))).Shortage);
        Assert.False(late.Begun);
        Assert.Equal(ActorLimits.ConcurrentCalls, _admission.Running);
        _gate.Set();
        await Task.WhenAll(waiting.Select(call => call.Done)).WaitAsync(Patience);
        await UntilAsync(() => _admission.Running == 0);
    }

    /// <summary>Calls of components that wait have no thread, so that there may be nothing to watch when another one comes.</summary>
    [Fact]
    public async Task One_that_waits_for_an_instance_while_no_guest_runs_is_refused_when_its_time_is_over()
    {
        await using var single = new Admission<Revision>(new Revision { Instances = 1 }, _threads);
        Assert.True(single.TryAdmit());
        await UntilAsync(() => _monitor.IsAsleep);
        var late = Begin(_ => { }, TimeSpan.FromMilliseconds(20), single);

        Assert.Equal(Shortage.Instance, (await Assert.ThrowsAsync<ShortageException>(() => late.Done.WaitAsync(Patience))).Shortage);
        single.Leave();
    }

    [Fact]
    public async Task Once_one_of_them_has_run_long_the_others_begin_in_the_slow_lane()
    {
        var calls = Enumerable.Range(0, 50).Select(_ => Begin(_ =>
        {
            while (!_gate.IsSet)
                Thread.SpinWait(100);
        })).ToList();
        await UntilAsync(() => _revision.Conduct.Next == Place.Slow && _threads.Prompt.Running == 0);

        // Those that had begun in the prompt lane moved over, and others that had begun there before anybody knew; the threads that deferred the rest are idle.
        Assert.InRange(_threads.Count, 1, 3 * GuestThreads.PromptThreads);
        _gate.Set();
        await Task.WhenAll(calls.Select(call => call.Done)).WaitAsync(Patience);
    }

    Call Begin(Action<GuestRun> body, TimeSpan? time = null, Admission<Revision>? admission = null)
    {
        admission ??= _admission;
        var call = new Call(admission, _monitor.After(time ?? TimeSpan.FromMinutes(1)), run =>
        {
            Interlocked.Increment(ref _begun);
            run.Begin(_monitor.After(TimeSpan.FromMinutes(1)), CancellationToken.None);
            body(run);
            run.End();
        });
        admission.Admit(call);
        return call;
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !condition(); await Task.Delay(1, TestContext.Current.CancellationToken))
            Assert.True(Environment.TickCount64 < deadline, "the condition did not come true");
    }

    sealed class ShortageException(Shortage shortage) : Exception($"{shortage}")
    {
        public Shortage Shortage => shortage;
    }

    sealed class Call(Admission<Revision> admission, long deadline, Action<GuestRun> body) : QueuedCall(deadline, CancellationToken.None)
    {
        readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public bool Begun => HasBegun;

        public override object Owner => admission;

        public override bool IsSlow => admission.Revision.Conduct.Next == Place.Slow;

        protected override bool HasBegun => _hasBegun;

        volatile bool _hasBegun;

        public override void TurnLong() => admission.Revision.Conduct.TurnLong();

        public override void GiveUp(Shortage shortage)
        {
            admission.GiveUp(shortage);
            _done.SetException(new ShortageException(shortage));
        }

        protected override void Run(GuestRun run)
        {
            _hasBegun = true;
            body(run);
            admission.Pause();
            admission.Leave();
            _done.SetResult();
        }
    }

    sealed class Revision : IRevision
    {
        public int Instances { get; init; } = 1000;

        public Conduct Conduct { get; } = new();

        public Assignment Assignment { get; } = new(
            "n1", "app-busy", "app", "busy", 1, ComponentKind.Component, "busy.wasm", Contract: null, LinkName: "default", 1000, ComponentLimits.Default,
            new Dictionary<string, string>(), [], LinkedFrom: []);

        public LogRing Log => throw new NotSupportedException();

        public TimeSpan CallTime => TimeSpan.FromMinutes(1);

        public bool TryEnter() => true;

        public void Exit()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
