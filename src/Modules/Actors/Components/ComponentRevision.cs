using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasi;
using Allotrope.Wasi.Http;
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
    bool _isWarming;
    bool _hasRun, _hasWaited; // a call has ended, well or not; and one that had waited

    ComponentRevision(Assignment assignment, CompiledComponent code, ComponentHost host, GuestThreads threads)
    {
        (Assignment, Code, Host, _threads) = (assignment, code, host, threads);
        Log = host.Logs.Of(assignment.Workload);
        Connections = new HttpConnections(HttpHosts.Of(assignment.Hosts), host.Time);
        Linker = ComponentGrants.For(assignment);
        _pool = new InstancePool<ComponentGuest>(Monitor, Instances, ActorLimits.IdleComponent);
    }

    public Assignment Assignment { get; }

    public CompiledComponent Code { get; }

    public ComponentHost Host { get; }

    public GuestMonitor Monitor => _threads.Monitor;

    /// <summary>What the component may use, and no more.</summary>
    public ComponentLinker<ComponentState> Linker { get; }

    public LogRing Log { get; }

    /// <summary>Over which its instances send requests, to the hosts that the blueprint names.</summary>
    public HttpConnections Connections { get; }

    public Conduct Conduct { get; } = new();

    /// <summary>How long a call may take. Code is generated when it is first needed, which on a busy machine takes the first calls longer than their own work.</summary>
    public TimeSpan CallTime => Volatile.Read(ref _hasRun) ? Assignment.Limits.CallTime : Assignment.Limits.CallTime + ActorLimits.FirstCall;

    /// <summary>The code by which functions go on after a wait is generated when it is first needed, too.</summary>
    public bool HasNeverWaited => !Volatile.Read(ref _hasWaited);

    public int Instances => Math.Clamp(Assignment.Instances, 0, ActorLimits.ConcurrentRequests);

    /// <summary>Makes the first instance, on a guest thread, so that a revision that cannot start never takes over.</summary>
    /// <exception cref="FaultException">It cannot start; the sentence says why.</exception>
    public static async Task<ComponentRevision> StartAsync(
        Assignment assignment, CompiledComponent code, ComponentHost host, GuestThreads threads, CancellationToken cancellation)
    {
        var revision = new ComponentRevision(assignment, code, host, threads);
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

    public bool TryEnter() => _calls.TryEnter();

    public void Exit() => _calls.Exit();

    /// <summary>Instances that are ready for calls.</summary>
    public int Idle => _pool.Count;

    /// <summary>An instance for one call, which has begun on the thread of <paramref name="run"/>.</summary>
    /// <exception cref="Exception">It does not start; <see cref="Explain"/> says what that means.</exception>
    public ComponentGuest Rent(GuestRun run)
    {
        Interlocked.Increment(ref _busy);
        try
        {
            var guest = _pool.Rent() ?? new ComponentGuest(this, run);
            Warm();
            return guest;
        }
        catch
        {
            Interlocked.Decrement(ref _busy);
            throw;
        }
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

    /// <summary>An instance wanted to send a request where it may not.</summary>
    public void TellDenied(Uri target)
    {
        if (Log.Admit())
            Log.Write("error", $"A request to {target.GetLeftPart(UriPartial.Authority)} was denied: the component's `hosts` in the blueprint do not name it.");
    }

    public void Trim() => _pool.Trim();

    public async ValueTask DisposeAsync()
    {
        await _calls.DrainAsync();
        _pool.Dispose();
        Connections.Dispose();
    }

    /// <summary>Fewer instances are ready than the next calls may take.</summary>
    bool IsCold => !Assignment.ReusesInstances && _pool.Count < Math.Min(ActorLimits.WarmInstances, Instances - Volatile.Read(ref _busy));

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
