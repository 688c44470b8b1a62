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
        (Assignment, Code, Host) = (assignment, code, host);
        Log = host.Logs.Of(assignment.Workload);
        Linker = ComponentGrants.For(assignment);
        _pool = new InstancePool<ComponentGuest>(monitor, Instances);
    }

    public Assignment Assignment { get; }

    public CompiledComponent Code { get; }

    public ComponentHost Host { get; }

    /// <summary>What the component may use, and no more.</summary>
    public ComponentLinker<ComponentState> Linker { get; }

    public LogRing Log { get; }

    /// <summary>Begins anew with every revision: other code, other conduct.</summary>
    public Conduct Conduct { get; } = new();

    /// <summary>How long a call may take. Code is generated when it is first needed, which on a busy machine takes the first calls longer than their own work.</summary>
    public TimeSpan CallTime => Volatile.Read(ref _hasRun) ? Assignment.Limits.CallTime : Assignment.Limits.CallTime + ActorLimits.FirstCall;

    /// <summary>How many calls run at once.</summary>
    public int Instances => Math.Clamp(Assignment.Instances, 0, ActorLimits.ConcurrentCalls);

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

    /// <summary>Runs one call; <paramref name="run"/> has begun, and has ended when this returns.</summary>
    /// <exception cref="FaultException">What went wrong, and is in the log.</exception>
    public void Run(HttpCall call, GuestRun run)
    {
        var instance = _pool.Rent();
        try
        {
            instance ??= new ComponentGuest(this, run);
            if (call.Handle(instance, run) && Assignment.ReusesInstances && run.End().Stop == StopReason.None)
            {
                _pool.Return(instance);
                instance = null;
            }
        }
        catch (Exception error)
        {
            var explained = Explain(error, call.What, run);
            call.Fail(explained); // before the instance goes, which drops its bodies without saying why
            throw explained;
        }
        finally
        {
            run.End(); // before the instance goes: no interrupt may reach it then
            Volatile.Write(ref _hasRun, true);
            // Still here when something was thrown through the guest, whose state nobody knows then, or when it has left something unfinished.
            instance?.Dispose();
        }
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
            _pool.Return(new ComponentGuest(this, run));
        }
        catch (Exception error)
        {
            throw Explain(error, "its start", run);
        }
    }

    Exception Explain(Exception error, string what, GuestRun run) => error switch
    {
        Trap trap => TrapReport.Explain(trap, this, run, new FailedCall(what)),
        GuestException uncaught => TrapReport.Explain(uncaught, this, new FailedCall(what)),
        GuestExitException exit => new FaultException(new Fault.Failed($"Component {Assignment.Workload} ended itself in {what} with status {exit.Status}."), exit),
        ComponentTrap broken => TrapReport.Explain(broken, this, new FailedCall(what)),
        _ => error,
    };
}
