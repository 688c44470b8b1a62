using System.Diagnostics;

namespace Allotrope.Actors.Tests;

/// <summary>A call without a guest, in stretches as a component's: what it does in each is chosen at random beforehand.</summary>
sealed class StormCall : QueuedCall
{
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly StormWorkload _workload;
    readonly GuestMonitor _monitor;
    readonly Act[] _acts;
    StormWorkload.Revision? _revision;
    RunEnd _before;
    int _stretch, _halves, _begins, _ends;

    public StormCall(StormWorkload workload, Random random, GuestMonitor monitor, long deadline, CancellationToken cancellation)
        : base(deadline, cancellation)
    {
        (_workload, _monitor) = (workload, monitor);
        _acts = new Act[random.Next(4) == 0 ? random.Next(2, 6) : 1];
        for (var act = 0; act < _acts.Length; act++)
            _acts[act] = random.Next(300) == 0 ? Act.Compute : (Act)random.Next((int)Act.Compute);
    }

    enum Act
    {
        Nothing,
        Little,
        Block,
        Fail,
        Compute,
    }

    public Task Done => _done.Task;

    public int Begins => _begins;

    public int Ends => _ends;

    public string? Outcome { get; private set; }

    public override object Owner => _workload;

    public override bool IsSlow => _before.Long || _workload.Admission.Revision.Conduct.Next == Place.Slow;

    protected override bool HasBegun => _revision is not null;

    public override void TurnLong() => _revision?.Conduct.TurnLong();

    /// <summary>It was not admitted.</summary>
    public void Refuse() => End("refused");

    public override void GiveUp(Shortage shortage)
    {
        _workload.Admission.GiveUp(shortage);
        End(shortage.ToString());
    }

    protected override void Run(GuestRun run)
    {
        bool isOver;
        do
        {
            _halves = 0;
            run.Begin(new TimeBudget(_monitor, _monitor.After(TimeSpan.FromMinutes(2))), _before, Cancellation);
            if (_stretch == 0)
            {
                Interlocked.Increment(ref _begins);
                _revision = _workload.Admission.Enter();
            }
            var act = _acts[_stretch++];
            Do(act, run);
            _before = run.End();
            isOver = _stretch == _acts.Length || act == Act.Fail;
            if (isOver)
            {
                _revision!.Conduct.Record(_before, TimeSpan.Zero, completed: act != Act.Fail, onBorrowedThread: false);
                _revision.Exit();
                _workload.Admission.Leave();
                break;
            }
            if (_stretch % 3 == 0)
                GoOn(); // what it waits for is there already
            else
                ThreadPool.UnsafeQueueUserWorkItem(static call => call.GoOn(), this, preferLocal: false);
        }
        while (Interlocked.Increment(ref _halves) == 2);
        _workload.Admission.Pause();
        if (isOver)
            End("ran");
    }

    void GoOn()
    {
        if (Interlocked.Increment(ref _halves) == 2)
            _workload.Admission.Start(this);
    }

    static void Do(Act act, GuestRun run)
    {
        var began = Stopwatch.GetTimestamp();
        switch (act)
        {
            case Act.Little:
                Thread.SpinWait(500);
                break;
            case Act.Block:
                run.BeginWait();
                Thread.Yield();
                run.EndWait();
                break;
            case Act.Compute:
                while (Stopwatch.GetElapsedTime(began).TotalMilliseconds < 15)
                    Thread.SpinWait(100);
                break;
        }
    }

    void End(string outcome)
    {
        Outcome = outcome;
        Interlocked.Increment(ref _ends);
        _done.TrySetResult();
    }
}
