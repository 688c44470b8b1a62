using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// One assignment of an actor made real: its compiled code, what it may call, and its instances. Calls enter and exit; when it is disposed, it
/// lets those under way finish first.
/// </summary>
sealed class ActorRevision : IRevision
{
    readonly InstancePool<GuestInstance> _pool;
    readonly GuestHost _host;
    readonly CallsUnderWay _calls = new();

    ActorRevision(Assignment assignment, CompiledActor code, GuestHost host, GuestMonitor monitor)
    {
        (Assignment, Code, _host) = (assignment, code, host);
        Links = new ActorLinks(assignment, code.Claims, host.Directory);
        Log = host.Logs.Of(assignment.Workload);
        _pool = new InstancePool<GuestInstance>(monitor, host.Memory, Instances);
    }

    /// <summary>Where its stacks are noted while somebody looks; its code is made for that then.</summary>
    public GuestProfile? Profile { get; private init; }

    public Assignment Assignment { get; }

    public CompiledActor Code { get; }

    public ActorLinks Links { get; }

    public LogRing Log { get; }

    public TimeSpan CallTime => Assignment.Limits.CallTime;

    public Conduct Conduct { get; } = new();

    public int Instances => Math.Clamp(Assignment.Instances, 0, ActorLimits.ConcurrentCalls);

    /// <summary>Makes the first instance, on a guest thread and within the time of a call, so that a revision that cannot start never takes over.</summary>
    /// <exception cref="FaultException">It cannot start; the sentence says why.</exception>
    public static async Task<ActorRevision> StartAsync(
        Assignment assignment, CompiledActor code, GuestHost host, GuestThreads threads, CancellationToken cancellation, GuestProfile? profile = null)
    {
        var revision = new ActorRevision(assignment, code, host, threads.Monitor) { Profile = profile };
        revision.Links.RefuseUnclaimed();
        var start = new GuestStart(revision.MakeReady, threads.Monitor, revision.CallTime, cancellation);
        threads.Prompt.Start(start);
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

    /// <summary>Makes an instance ready for the first call; <paramref name="run"/> has begun.</summary>
    /// <exception cref="FaultException">The actor does not start.</exception>
    public void MakeReady(GuestRun run)
    {
        try
        {
            _pool.Return(GuestInstance.Create(this, _host, run));
        }
        catch (Trap trap)
        {
            throw TrapReport.Explain(trap, this, run, new FailedCall("its start"));
        }
        catch (GuestException uncaught)
        {
            throw TrapReport.Explain(uncaught, this, new FailedCall("its start"));
        }
    }

    /// <summary>Runs one call; <paramref name="run"/> has begun, and has ended when this returns.</summary>
    public InvocationResult Invoke(Invocation invocation, GuestRun run)
    {
        var instance = _pool.Rent();
        try
        {
            instance ??= GuestInstance.Create(this, _host, run);
            var result = instance.Call(invocation, run);
            if (run.End().Stop == StopReason.None)
            {
                _pool.Return(instance);
                instance = null;
            }
            return result;
        }
        catch (Trap trap)
        {
            // A caller who has gone wants no record either.
            var record = run.End().Stop == StopReason.Cancelled ? null : instance?.KeepRecord(invocation.Operation);
            throw TrapReport.Explain(trap, this, run, new FailedCall(invocation.Operation, instance?.Complaint, record));
        }
        catch (GuestException uncaught)
        {
            run.End();
            throw TrapReport.Explain(uncaught, this, new FailedCall(invocation.Operation, instance?.Complaint, instance?.KeepRecord(invocation.Operation)));
        }
        finally
        {
            run.End(); // before the instance goes: no interrupt may reach it then
            // Still here when something was thrown through the guest, whose state nobody knows then, or when an interrupt is pending in it.
            instance?.Dispose();
        }
    }

    public void Trim() => _pool.Trim();

    public async ValueTask DisposeAsync()
    {
        await _calls.DrainAsync();
        _pool.Dispose();
    }
}
