using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasi;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// One assignment of a component made real: its code, what it may use, and its instances. Calls enter and exit; when it is disposed, it lets those under
/// way finish first.
/// </summary>
sealed class ComponentRevision : IRevision
{
    readonly InstancePool<ComponentGuest> _pool;
    readonly GuestThreads _threads;
    readonly CallsUnderWay _calls = new();
    int _busy; // instances that calls have
    long _weight; // bytes of the last instance that was made ready
    bool _isWarming;
    bool _hasRun, _hasWaited; // a call has ended, well or not; and one that had waited

    ComponentRevision(Assignment assignment, LinkedParts linked, ComponentHost host, GuestThreads threads)
    {
        (Assignment, Linked, Host, _threads) = (assignment, linked, host, threads);
        Log = linked.Parts[assignment.Workload].Log;
        Functions = new ExportedFunctions(assignment.Workload);
        _pool = new InstancePool<ComponentGuest>(Monitor, host.Memory, Instances, ActorLimits.IdleComponent);
    }

    public Assignment Assignment { get; }

    /// <summary>What its instances are made of.</summary>
    public LinkedParts Linked { get; }

    /// <summary>What components on other nodes may call.</summary>
    public ExportedFunctions Functions { get; }

    public ComponentHost Host { get; }

    public GuestMonitor Monitor => _threads.Monitor;

    public LogRing Log { get; }

    public Conduct Conduct { get; } = new();

    /// <summary>How long a call may take. Code is generated when it is first needed, which on a busy machine takes the first calls longer than their own work.</summary>
    public TimeSpan CallTime => Volatile.Read(ref _hasRun) ? Assignment.Limits.CallTime : Assignment.Limits.CallTime + ActorLimits.FirstCall;

    /// <summary>The code by which functions go on after a wait is generated when it is first needed, too.</summary>
    public bool HasNeverWaited => !Volatile.Read(ref _hasWaited);

    public int Instances => Math.Clamp(Assignment.Instances, 0, ActorLimits.ConcurrentRequests);

    /// <summary>Makes the first instance, on a guest thread, so that a revision that cannot start never takes over.</summary>
    /// <exception cref="FaultException">It cannot start; the sentence says why.</exception>
    public static async Task<ComponentRevision> StartAsync(
        Assignment assignment, LinkedParts linked, ComponentHost host, GuestThreads threads, CancellationToken cancellation)
    {
        var revision = new ComponentRevision(assignment, linked, host, threads);
        var start = new GuestStart(revision.MakeReady, threads.Monitor, ActorLimits.ComponentStart, cancellation);
        threads.Slow.Start(start);
        try
        {
            await start.Done;
            return revision;
        }
        catch
        {
            await revision.DisposeAsync();
            throw;
        }
    }

    public bool TryEnter() => _calls.TryEnter();

    public void Exit() => _calls.Exit();

    /// <summary>Instances that are ready for calls.</summary>
    public int Idle => _pool.Count;

    /// <summary>An instance for one call, which starts it if it has not been started.</summary>
    public ComponentGuest Rent()
    {
        var guest = _pool.Rent() ?? new ComponentGuest(this);
        Interlocked.Increment(ref _busy);
        Warm();
        return guest;
    }

    /// <summary>The call has ended.</summary>
    /// <param name="guest">Its instance.</param>
    /// <param name="hasWaited">Whether it waited.</param>
    /// <param name="isUsable">False when something was thrown through the guest, whose state nobody knows then, or when it has left something unfinished.</param>
    public void Return(ComponentGuest guest, bool hasWaited, bool isUsable)
    {
        Volatile.Write(ref _hasRun, true);
        if (hasWaited)
            Volatile.Write(ref _hasWaited, true);
        if (isUsable && Assignment.ReusesInstances)
            _pool.Return(guest);
        else
            guest.Dispose();
        Interlocked.Decrement(ref _busy);
        Warm();
    }

    /// <summary>Makes instances on this guest thread until enough are ready.</summary>
    public void WarmUp(GuestRun run)
    {
        while (IsCold)
        {
            run.Begin(Monitor.After(ActorLimits.ComponentStart), CancellationToken.None);
            try
            {
                MakeReady(run);
            }
            catch (Exception) // the next call meets the same, and tells whoever waits for it
            {
                break;
            }
            finally
            {
                run.End();
            }
        }
        Volatile.Write(ref _isWarming, false);
        Exit();
    }

    public void Trim() => _pool.Trim();

    public async ValueTask DisposeAsync()
    {
        await _calls.DrainAsync();
        _pool.Dispose();
        foreach (var part in Linked.Parts.Values)
            part.Connections.Dispose();
    }

    /// <summary>Fewer instances are ready than the next calls may take, and another one would drive none out.</summary>
    bool IsCold => !Assignment.ReusesInstances && _pool.Count < Math.Min(ActorLimits.WarmInstances, Instances - Volatile.Read(ref _busy))
        && Host.Memory.HasRoomFor(Volatile.Read(ref _weight));

    /// <summary>Has instances made ahead of the calls that will need them, where no two calls get the same.</summary>
    void Warm()
    {
        if (!IsCold || Interlocked.Exchange(ref _isWarming, true))
            return;
        if (TryEnter())
            _threads.Slow.Start(new WarmUp(this));
        else
            Volatile.Write(ref _isWarming, false);
    }

    void MakeReady(GuestRun run)
    {
        var guest = new ComponentGuest(this);
        try
        {
            guest.Start(run);
            guest.End();
            if (run.End().Stop != StopReason.None) // before others may have it: no interrupt may reach it then, and none be left in it
                throw new OperationCanceledException(run.Cancellation);
        }
        catch (Exception error)
        {
            var explained = Explain(error, "its start", run, guest);
            run.End(); // before the instance goes: no interrupt may reach it then
            guest.Dispose();
            throw explained;
        }
        Volatile.Write(ref _weight, guest.Weight);
        _pool.Return(guest);
    }

    /// <summary>What went wrong, in words for the caller; the log of the component that it went wrong in has it too.</summary>
    public Exception Explain(Exception error, string what, GuestRun run, ComponentGuest? guest)
    {
        if (guest?.Broken is not { } part || part.Assignment.Workload == Assignment.Workload)
            return Explain(error, what, run, this);
        var explained = Explain(error, what, run, new LinkedPart(part, this));
        if (explained != error && Log.Admit())
            Log.Write("error", $"{what} was ended by {part.Assignment.Workload}, which it is linked to: {explained.Message}");
        return explained;
    }

    static Exception Explain(Exception error, string what, GuestRun run, IWorkload where) => error switch
    {
        TimeoutException or OperationCanceledException when run.End().Stop == StopReason.Time || error is TimeoutException =>
            TrapReport.ExplainWait(error, where, new FailedCall(what)),
        Trap trap => TrapReport.Explain(trap, where, run, new FailedCall(what)),
        GuestException uncaught => TrapReport.Explain(uncaught, where, new FailedCall(what)),
        GuestExitException exit => new FaultException(
            new Fault.Failed($"Component {where.Assignment.Workload} ended itself in {what} with status {exit.Status}."), exit),
        ComponentTrap broken => TrapReport.Explain(broken, where, new FailedCall(what)),
        _ => error,
    };

    /// <summary>A component in a call of another's revision, as far as failures speak of it.</summary>
    sealed record LinkedPart(ComponentPart Part, ComponentRevision Caller) : IWorkload
    {
        public Assignment Assignment => Part.Assignment;

        public LogRing Log => Part.Log;

        public TimeSpan CallTime => Caller.CallTime;
    }
}
