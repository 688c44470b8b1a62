using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>
/// A call of a component. A guest that waits leaves its thread, so the call runs in stretches:
/// <code>
///  (waits for an instance) ──► guest thread ──► waits, on no thread ──► guest thread ──► ... ──► guest thread ──► over
/// </code>
/// </summary>
[SuppressMessage("Reliability", "CA2012", Justification = "awaited once, by hand: what follows must run on a guest thread")]
[SuppressMessage("Usage", "VSTHRD002", Justification = "asked for when it is over")]
abstract class ComponentCall(ComponentWorkload workload, TimeBudget time, CallAnswer answer) : QueuedCall(time.Deadline, answer.Left)
{
    readonly long _begun = workload.Now;
    ComponentRevision? _revision;
    ComponentGuest? _guest;
    GuestRun? _run;
    RunEnd _before;
    ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _ended;
    CancellationTokenRegistration _stop;
    Action? _next;
    bool _hasWaited, _isOver;

    /// <summary>The end of a stretch and that of the wait after it: the second of them begins the next stretch, so that there is never more than one.</summary>
    int _ends;

    /// <summary>What the caller gets.</summary>
    public Task<Message> Given => answer.Given;

    /// <summary>What it is called in the log.</summary>
    public abstract string What { get; }

    /// <summary>What is left of its time.</summary>
    public TimeBudget Time => time;

    public sealed override object Owner => workload;

    public sealed override bool IsSlow => _before.Long || workload.Revision.Conduct.Next == Place.Slow;

    protected sealed override bool HasBegun => _revision is not null;

    public sealed override void TurnLong() => _revision?.Conduct.TurnLong();

    protected ComponentWorkload Workload => workload;

    protected CallAnswer Answer => answer;

    /// <summary>Whether an instance that has returned may be used again.</summary>
    protected abstract bool LeavesNothing { get; }

    protected sealed override void Run(GuestRun run)
    {
        do
        {
            _ends = 0;
            time.GoOn();
            run.Begin(time, _before, Cancellation);
            _run = run;
            if (_next is { } next)
                Continue(next);
            else
                Begin();
            if (_isOver)
                break;
            _before = run.End();
            Suspend();
        }
        // From here on, unless its wait is over already, the call may be on another thread.
        while (Interlocked.Increment(ref _ends) == 2);
        workload.Pause();
    }

    /// <summary>What the guest waited for is there. Any thread may say so.</summary>
    /// <param name="next">Runs the guest until it waits again or returns.</param>
    public void GoOn(Action next)
    {
        _next = next;
        if (Interlocked.Increment(ref _ends) == 2)
            workload.Start(this);
    }

    /// <summary>Ends the call, as if nobody wanted its answer any more.</summary>
    public void Cancel() => answer.Leave("the component was stopped");

    public sealed override void GiveUp(Shortage shortage)
    {
        workload.GiveUp(shortage);
        NeverBegan(
            Cancellation.IsCancellationRequested
                ? new OperationCanceledException(Cancellation)
                : new FaultException(new Fault.TimedOut(Sentence($"Component {workload.Workload}", What, shortage))),
            shortage);
    }

    /// <summary>Nobody wants it any more, or its time is over, and it has had no instance.</summary>
    protected virtual void NeverBegan(Exception why, Shortage shortage) => answer.TryRefuse(why);

    /// <summary>Calls the guest.</summary>
    protected abstract ValueTask CallAsync(ComponentGuest guest);

    /// <summary>The guest has returned, or <paramref name="failure"/> says why not. Its instance is still there.</summary>
    protected abstract void Ended(Exception? failure);

    /// <summary>All is over, and the next call may begin.</summary>
    protected abstract void Left();

    void Begin()
    {
        try
        {
            _revision = workload.Enter(this);
            _guest = _revision.Rent();
            _guest.Begin(this, _run!);
            _stop = Cancellation.UnsafeRegister(static guest => ((ComponentGuest)guest!).StopWaiting(), _guest);
            _ended = CallAsync(_guest).ConfigureAwait(false).GetAwaiter();
        }
        catch (Exception failure) // whoever waits for the answer is told, whatever it is
        {
            End(failure);
            return;
        }
        if (_ended.IsCompleted)
            End();
        else
            _ended.UnsafeOnCompleted(() => GoOn(End));
    }

    void Continue(Action next)
    {
        _guest!.GoOn(_run!);
        next();
    }

    /// <summary>The guest waits.</summary>
    void Suspend()
    {
        if (_before.Stop != StopReason.None)
            _guest!.StopWaiting(); // it was stopped while it was about to wait, and would only find out afterwards
        else if (!_guest!.IsAsleep)
            time.StandStill();
        if (_hasWaited)
            return;
        _hasWaited = true;
        if (_revision!.HasNeverWaited)
            time.Extend(ActorLimits.FirstCall);
    }

    void End()
    {
        Exception? failure = null;
        try
        {
            _ended.GetResult();
        }
        catch (Exception error)
        {
            failure = error;
        }
        End(failure);
    }

    void End(Exception? failure)
    {
        _isOver = true;
        var run = _run!;
        Ended(failure is null || _revision is null ? failure : _revision.Explain(failure, What, run, _guest)); // before the instance goes, which drops its bodies without saying why
        _stop.Dispose();
        var end = run.End(); // before the instance goes: no interrupt may reach it then
        if (_guest is { } guest)
        {
            guest.End();
            _revision!.Return(guest, _hasWaited, isUsable: failure is null && end.Stop == StopReason.None && LeavesNothing);
        }
        if (_revision is { } revision)
            workload.Exit(this, revision, end, workload.Since(_begun), completed: failure is null);
        Left();
    }
}
