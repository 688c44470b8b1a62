using System.Text.Json;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Arteries;

/// <summary>One assigned zone: its core, its tail, and the actors linked to it, for whom it serves <c>wasmcloud:messaging</c>.</summary>
sealed class ZoneWorkload : IAsyncDisposable
{
    readonly ILattice _lattice;
    readonly TimeProvider _time;
    readonly IntentTail _tail;
    readonly IntentArchive? _archive;
    readonly Dictionary<string, ActorArtery> _actors = [];
    readonly SemaphoreSlim _turn = new(1, 1);
    IAsyncDisposable? _served;

    ZoneWorkload(ILattice lattice, TimeProvider time, IntentTail tail, IntentArchive? archive, RunningZone zone, Assignment assignment) =>
        (_lattice, _time, _tail, _archive, Zone, Assignment) = (lattice, time, tail, archive, zone, assignment);

    public RunningZone Zone { get; }

    /// <summary>What it was last converged to.</summary>
    public Assignment Assignment { get; private set; }

    public static async Task<ZoneWorkload> StartAsync(
        ILattice lattice, Assignment assignment, Func<ZoneEvents, RunningZone> start, ZoneEvents events, IntentArchive? archive,
        TimeProvider time, CancellationToken cancellation)
    {
        var tail = new IntentTail(lattice, assignment.Zone!.Zone);
        var workload = new ZoneWorkload(
            lattice, time, tail, archive, start(events with { Tap = archive is null ? tail : new Taps(tail, archive) }), assignment);
        workload._served = await lattice.ServeAsync(Subjects.Invoke(assignment.Workload), workload.AnswerAsync, assignment.Workload, cancellation);
        await workload.LinkAsync(assignment);
        return workload;
    }

    /// <summary>Whether only links differ, so that the core can go on.</summary>
    public bool CanBecome(Assignment other) =>
        JsonSerializer.Serialize(Assignment.Zone, ContractsJson.Default.ZoneManifest)
        == JsonSerializer.Serialize(other.Zone, ContractsJson.Default.ZoneManifest);

    /// <summary>Makes the actors in the zone those that are linked to it.</summary>
    public async Task LinkAsync(Assignment assignment)
    {
        await _turn.WaitAsync();
        try
        {
            foreach (var (workload, artery) in _actors.ToList())
                if (!assignment.LinkedFrom.Any(link => link.Workload == workload && SameLink(link, Assignment.LinkedFrom)))
                {
                    lock (_actors)
                        _actors.Remove(workload);
                    Zone.Core.Dismiss(artery.Member);
                    await artery.DisposeAsync();
                }
            foreach (var link in assignment.LinkedFrom.Where(link => !_actors.ContainsKey(link.Workload)))
            {
                var member = Zone.Core.Admit(ServiceOf(link));
                Open(member, link, assignment.Workload);
                member.Reopen = () => ReopenAsync(member, link, assignment.Workload);
            }
            Assignment = assignment;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_served is not null)
            await _served.DisposeAsync();
        await _turn.WaitAsync(); // an actor's artery may be about to open again
        List<ActorArtery> actors;
        lock (_actors)
        {
            actors = [.. _actors.Values];
            _actors.Clear();
        }
        _turn.Release();
        foreach (var actor in actors)
        {
            Zone.Core.Dismiss(actor.Member);
            await actor.DisposeAsync();
        }
        await Zone.DisposeAsync();
        await _tail.DisposeAsync();
        if (_archive is not null)
            await _archive.DisposeAsync();
        _turn.Dispose();
    }

    void Open(Member member, IncomingLink link, string zone)
    {
        var artery = new ActorArtery(Zone.Core, member, _lattice, link, zone, _time);
        lock (_actors)
            _actors[link.Workload] = artery;
    }

    /// <summary>An artery that was severed stays closed; the actor comes back with a new one, in a new life.</summary>
    async Task ReopenAsync(Member member, IncomingLink link, string zone)
    {
        await _turn.WaitAsync();
        try
        {
            ActorArtery? before;
            lock (_actors)
                before = _actors.GetValueOrDefault(link.Workload);
            if (before?.Member != member || member.Artery is not null)
                return; // unlinked, or linked anew meanwhile
            await before.DisposeAsync();
            Open(member, link, zone);
        }
        finally
        {
            _turn.Release();
        }
    }

    static bool SameLink(IncomingLink link, IReadOnlyList<IncomingLink> before) => before.Any(
        old => old.Workload == link.Workload && old.Name == link.Name
            && old.Values.Count == link.Values.Count && !old.Values.Except(link.Values).Any());

    /// <summary>An actor's place in the zone, when the manifest has none for it.</summary>
    static ZoneService ServiceOf(IncomingLink link) => new(
        link.ServiceName, Host: null, ZoneService.DefaultPort,
        IntentPatterns.Split(link.Values.GetValueOrDefault("receive")), IntentPatterns.Split(link.Values.GetValueOrDefault("emit")), Backlog: false,
        Required: false, ZoneService.DefaultQueue, SlowPolicy.DropOldest, Ordered: ["*"], Satellite: null, Legacy: false);

    async ValueTask<Message> AnswerAsync(Message request, CancellationToken cancellation)
    {
        var invocation = request.Payload.As(ContractsJson.Default.Invocation);
        ActorArtery? actor;
        lock (_actors)
            actor = _actors.GetValueOrDefault(invocation.Origin);
        if (actor is null)
            return Reply(new InvocationResult(default, $"{invocation.Origin} is not linked to zone {Assignment.Zone!.Zone}: add a link."));
        try
        {
            switch (invocation.Operation)
            {
                case MessagingContract.Publish:
                    actor.Publish(MessagingContract.Read(invocation.Body.Span));
                    return Reply(new InvocationResult(default));
                case MessagingContract.Request:
                    var body = await actor.RequestAsync(MessagingContract.Read(invocation.Body.Span), cancellation);
                    return Reply(new InvocationResult(MessagingContract.Write("", null, body)));
                default:
                    return Reply(new InvocationResult(
                        default, $"A zone has no operation {invocation.Operation}: it answers Messaging.Publish and Messaging.Request."));
            }
        }
        catch (FaultException error)
        {
            return Reply(new InvocationResult(default, error.Fault.Message));
        }
    }

    static Message Reply(InvocationResult result) => new("", Payload.Of(result, ContractsJson.Default.InvocationResult));
}
