using System.Collections.Concurrent;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// Runs the WebAssembly actors that its node is assigned: loads and verifies them, answers their calls on the bus, exchanges them while they are
/// in use, and keeps their logs and the node's artifacts.
/// </summary>
public sealed class ActorsModule : IAsyncDisposable
{
    static readonly TimeSpan TrimPeriod = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, ServedActor> _actors = new();
    readonly ActorDirectory _directory = new();
    readonly CompiledActors _compiled;
    readonly GuestMonitor _monitor;
    readonly GuestThreads _threads;
    readonly ILattice _lattice;
    readonly string _node;
    readonly ActorLogs _logs;
    readonly GuestHost _host;
    readonly CompiledComponents _compiledComponents;
    readonly ComponentWorkloads _components;
    readonly ConcurrentDictionary<string, Assignment> _assigned = new(); // of components, as announced last
    readonly PeriodicTimer _trimTimer;
    readonly Task _trimming;
    AssignmentWatch? _watch;
    ArtifactService? _artifacts;
    ActorProfiles? _profiles;

    ActorsModule(
        ILattice lattice, string node, ArtifactStore artifacts, TimeProvider time, IRandom random, ActorLogs logs, CodeCache? code, CallRecordFolder? records, string? folders, long? idleBytes)
    {
        (_lattice, _node, _logs) = (lattice, node, logs);
        _compiled = new CompiledActors(artifacts, time, code);
        _monitor = new GuestMonitor(time);
        _threads = new GuestThreads(_monitor);
        var memory = new IdleMemory(idleBytes ?? ActorLimits.IdleBytes);
        _host = new GuestHost(lattice, random, _monitor, logs, _directory, records, memory);
        _compiledComponents = new CompiledComponents(artifacts, code);
        _components = new ComponentWorkloads(_compiledComponents, new ComponentHost(lattice, logs, time, random, new GuestFolders(folders), memory), _threads);
        _trimTimer = new PeriodicTimer(TrimPeriod, time);
        _trimming = TrimAsync();
    }

    /// <summary>Guest threads alive, those that are idle among them.</summary>
    internal int Threads => _threads.Count;

    /// <summary>Instances of a component that are ready for calls.</summary>
    internal int ReadyInstances(string workload) => _components.Running(workload)?.Idle ?? 0;

    /// <summary>Begins to follow the node's assignments. Dispose it before the lattice.</summary>
    /// <param name="node">The node's name, as it stands in assignments.</param>
    /// <param name="artifacts">Where the node keeps artifacts; served on the bus by this module.</param>
    /// <param name="code">Where compiled code is kept for the node's next start; null: nowhere.</param>
    /// <param name="folders">In which directory components keep files; null: in none, so that those with folders do not start.</param>
    /// <param name="idleBytes">What instances that wait for calls may hold of memory, all together; null: <see cref="ActorLimits.IdleBytes"/>.</param>
    /// <param name="records">Where calls that trap leave their records; null: nowhere, whatever blueprints ask for.</param>
    public static async Task<ActorsModule> StartAsync(
        ILattice lattice,
        string node,
        ArtifactStore artifacts,
        TimeProvider time,
        IRandom random,
        CodeCache? code = null,
        CallRecordFolder? records = null,
        string? folders = null,
        long? idleBytes = null,
        CancellationToken cancellation = default)
    {
        var logs = await ActorLogs.StartAsync(lattice, time, cancellation);
        var module = new ActorsModule(lattice, node, artifacts, time, random, logs, code, records, folders, idleBytes);
        var handlers = new WorkloadHandlers(
            Mine: assignment => assignment.Kind is ComponentKind.Actor or ComponentKind.Component, module.ConvergeAsync, module.StopAsync);
        var watch = module._watch = await AssignmentWatch.StartAsync(lattice, node, handlers, cancellation);
        watch.Again(PartFinder.HasLinked); // those that have begun before there was anybody to tell of others
        module._artifacts = await ArtifactService.StartAsync(
            lattice, artifacts, arrived: digest => watch.TryAgainAsync(
                assignment => ImageReference.Parse(assignment.Image).Digest == digest || PartFinder.HasLinked(assignment)), cancellation);
        module._profiles = await ActorProfiles.StartAsync(
            lattice, workload => module._actors.GetValueOrDefault(workload)?.Actor,
            (assignment, compiled, profile, stop) => ActorRevision.StartAsync(assignment, compiled, module._host, module._threads, stop, profile),
            module._compiled, time, cancellation);
        return module;
    }

    /// <summary>Stops every actor after the calls under way, then all threads.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_profiles is not null)
            await _profiles.DisposeAsync();
        if (_artifacts is not null)
            await _artifacts.DisposeAsync();
        if (_watch is not null)
            await _watch.DisposeAsync();
        _trimTimer.Dispose();
        await _trimming;
        await _threads.DisposeAsync();
        _monitor.Dispose();
        await _logs.DisposeAsync();
        _compiled.Dispose();
        _compiledComponents.Dispose();
    }

    Task<WorkloadStatus> ConvergeAsync(Assignment wanted, CancellationToken cancellation) =>
        wanted.Kind == ComponentKind.Component ? ConvergeComponentAsync(wanted, cancellation) : ConvergeActorAsync(wanted, cancellation);

    async Task<WorkloadStatus> ConvergeComponentAsync(Assignment wanted, CancellationToken cancellation)
    {
        if (_components.Running(wanted.Workload) is not { } current)
        {
            await EndAsync(wanted.Workload); // it may have been an actor before
            return await StartAsync();
        }
        try
        {
            return await _components.IsAsync(current, wanted, cancellation) ? Running(current) : await StartAsync();
        }
        catch (FaultException error)
        {
            return Kept(current, wanted, current.Instances, error);
        }

        async Task<WorkloadStatus> StartAsync()
        {
            Announce(wanted.Workload, wanted);
            return Running(await _components.StartAsync(wanted, cancellation));
        }

        WorkloadStatus Running(ComponentRevision revision) => Status(revision, WorkloadState.Running, revision.Instances, Sentence(revision.Instances));
    }

    /// <summary>
    /// Has those looked at again that may be linked to a component whose assignment is another now: they have it in them, and are made anew. Also when it
    /// cannot run by itself.
    /// </summary>
    void Announce(string workload, Assignment? assignment)
    {
        var before = _assigned.GetValueOrDefault(workload);
        if (assignment is null ? before is null : before is not null && before.IsSameAs(assignment))
            return;
        if (assignment is null)
            _assigned.TryRemove(workload, out _);
        else
            _assigned[workload] = assignment;
        _watch?.Again(other => other.Workload != workload && PartFinder.HasLinked(other));
    }

    async Task<WorkloadStatus> ConvergeActorAsync(Assignment wanted, CancellationToken cancellation)
    {
        await _components.StopAsync(wanted.Workload); // it may have been a component before
        var running = _actors.GetValueOrDefault(wanted.Workload);
        if (running?.Actor.Revision is { } current && current.Assignment.IsSameAs(wanted))
            return Status(current, WorkloadState.Running, current.Instances, Sentence(current.Instances));

        ActorRevision next;
        try
        {
            var code = await _compiled.GetAsync(wanted.RequireDigest(), cancellation);
            next = await ActorRevision.StartAsync(wanted, code, _host, _threads, cancellation);
        }
        catch (FaultException error) when (running is not null)
        {
            return Kept(running.Actor.Revision, wanted, running.Actor.Revision.Instances, error);
        }

        if (running is not null)
            running.Actor.Exchange(next);
        else
            _actors[wanted.Workload] = await ServedActor.StartAsync(_lattice, new Actor(next, _threads), cancellation);
        _directory.Put(wanted.Workload, next.Code.Claims);
        return Status(next, WorkloadState.Running, next.Instances, Sentence(next.Instances));
    }

    async Task StopAsync(string workload)
    {
        await EndAsync(workload);
        Announce(workload, null);
    }

    async Task EndAsync(string workload)
    {
        _directory.Remove(workload);
        if (_actors.TryRemove(workload, out var served))
            await served.DisposeAsync();
        await _components.StopAsync(workload);
        _logs.Forget(workload);
    }

    async Task TrimAsync()
    {
        while (await _trimTimer.WaitForNextTickAsync())
        {
            foreach (var served in _actors.Values)
                served.Actor.Trim();
            _components.Trim();
        }
    }

    static string Sentence(int instances) => instances == 1 ? "Answers one call at a time." : $"Answers up to {instances} calls at once.";

    WorkloadStatus Kept(IRevision kept, Assignment wanted, int instances, FaultException error)
    {
        _logs.Of(wanted.Workload).Write("error", $"Revision {wanted.Revision} does not run: {error.Message}");
        return Status(kept, WorkloadState.Failed, instances, $"{error.Message} Revision {kept.Assignment.Revision} keeps running.") with
        {
            Revision = wanted.Revision, // what failed, so that the planner does not wait for it
            Fault = error.Fault.Kind,
        };
    }

    WorkloadStatus Status(IRevision running, WorkloadState state, int instances, string message) => new(
        _node, running.Assignment.Workload, running.Assignment.Component, running.Assignment.Revision, state, instances, message, Urls: []);
}
