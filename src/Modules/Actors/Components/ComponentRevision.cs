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
sealed class ComponentRevision : IRevision, IAsyncDisposable
{
    readonly InstancePool<ComponentGuest> _pool;
    readonly CallsUnderWay _calls = new();
    bool _hasRun; // a call has ended, well or not

    ComponentRevision(Assignment assignment, CompiledComponent code, ComponentHost host, GuestMonitor monitor)
    {
        (Assignment, Code, Host, Monitor) = (assignment, code, host, monitor);
        Log = host.Logs.Of(assignment.Workload);
        Linker = ComponentGrants.For(assignment);
        _pool = new InstancePool<ComponentGuest>(monitor, Instances);
    }

    public Assignment Assignment { get; }

    public CompiledComponent Code { get; }

    public ComponentHost Host { get; }

    public GuestMonitor Monitor { get; }

    /// <summary>What the component may use, and no more.</summary>
    public ComponentLinker<ComponentState> Linker { get; }

    public LogRing Log { get; }

    /// <summary>Begins anew with every revision: other code, other conduct.</summary>
    public Conduct Conduct { get; } = new();

    /// <summary>How long a call may take. Code is generated when it is first needed, which on a busy machine takes the first calls longer than their own work.</summary>
    public TimeSpan CallTime => Volatile.Read(ref _hasRun) ? Assignment.Limits.CallTime : Assignment.Limits.CallTime + ActorLimits.FirstCall;

    /// <summary>How many calls run at once.</summary>
    public int Instances => Math.Clamp(Assignment.Instances, 0, ActorLimits.ConcurrentRequests);

    /// <summary>Makes the first instance, on a guest thread, so that a revision that cannot start never takes over.</summary>
    /// <exception cref="FaultException">It cannot start; the sentence says why.</exception>
    public static async Task<ComponentRevision> StartAsync(
        Assignment assignment, CompiledComponent code, ComponentHost host, GuestThreads threads, CancellationToken cancellation)
    {
        var revision = new ComponentRevision(assignment, code, host, threads.Monitor);
        var start = new GuestStart(revision.MakeReady, threads.Monitor.After(ActorLimits.ComponentStart), cancellation);
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

    /// <summary>Counts a call in; false once this is being disposed.</summary>
    public bool TryEnter() => _calls.TryEnter();

    public void Exit() => _calls.Exit();

    /// <summary>An instance for one call, which has begun on the thread of <paramref name="run"/>.</summary>
    /// <exception cref="Exception">It does not start; <see cref="Explain"/> says what that means.</exception>
    public ComponentGuest Rent(GuestRun run) => _pool.Rent() ?? new ComponentGuest(this, run);

    /// <summary>The call has ended.</summary>
    /// <param name="isUsable">False when something was thrown through the guest, whose state nobody knows then, or when it has left something unfinished.</param>
    public void Return(ComponentGuest guest, bool isUsable)
    {
        Volatile.Write(ref _hasRun, true);
        if (isUsable && Assignment.ReusesInstances)
            _pool.Return(guest);
        else
            guest.Dispose();
    }

    public void Trim() => _pool.Trim();

    public async ValueTask DisposeAsync()
    {
        await _calls.DrainAsync();
        _pool.Dispose();
    }

    void MakeReady(GuestRun run)
    {
        try
        {
            var guest = new ComponentGuest(this, run);
            guest.End();
            _pool.Return(guest);
        }
        catch (Exception error)
        {
            throw Explain(error, "its start", run);
        }
    }

    /// <summary>What went wrong, in words for the caller; the log has it too.</summary>
    public Exception Explain(Exception error, string what, GuestRun run) => error switch
    {
        TimeoutException or OperationCanceledException when run.End().Stop == StopReason.Time || error is TimeoutException =>
            TrapReport.ExplainWait(error, this, new FailedCall(what)),
        Trap trap => TrapReport.Explain(trap, this, run, new FailedCall(what)),
        GuestException uncaught => TrapReport.Explain(uncaught, this, new FailedCall(what)),
        GuestExitException exit => new FaultException(new Fault.Failed($"Component {Assignment.Workload} ended itself in {what} with status {exit.Status}."), exit),
        ComponentTrap broken => TrapReport.Explain(broken, this, new FailedCall(what)),
        _ => error,
    };
}
