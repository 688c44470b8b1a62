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
    readonly Dictionary<string, ActorArtery> _actors = [];
    readonly SemaphoreSlim _turn = new(1, 1);
    IAsyncDisposable? _served;

    ZoneWorkload(ILattice lattice, TimeProvider time, IntentTail tail, RunningZone zone, Assignment assignment) =>
        (_lattice, _time, _tail, Zone, Assignment) = (lattice, time, tail, zone, assignment);

    public RunningZone Zone { get; }

    /// <summary>What it was last converged to.</summary>
    public Assignment Assignment { get; private set; }

    public static async Task<ZoneWorkload> StartAsync(
        ILattice lattice, Assignment assignment, Func<ZoneEvents, RunningZone> start, ZoneEvents events, TimeProvider time,
        CancellationToken cancellation)
    {
        var tail = new IntentTail(lattice, assignment.Zone!.Zone);
        var workload = new ZoneWorkload(lattice, time, tail, start(events with { Tap = tail }), assignment);
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
                    await artery.DisposeAsync();
                }
            foreach (var link in assignment.LinkedFrom.Where(link => !_actors.ContainsKey(link.Workload)))
            {
                var artery = new ActorArtery(Zone.Core, Zone.Core.Admit(ServiceOf(link)), _lattice, link, assignment.Workload, _time);
                lock (_actors)
                    _actors.Add(link.Workload, artery);
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
        foreach (var actor in _actors.Values)
            await actor.DisposeAsync();
        await Zone.DisposeAsync();
        await _tail.DisposeAsync();
        _turn.Dispose();
    }

    static bool SameLink(IncomingLink link, IReadOnlyList<IncomingLink> before) => before.Any(
        old => old.Workload == link.Workload && old.Name == link.Name
            && old.Values.Count == link.Values.Count && !old.Values.Except(link.Values).Any());

    /// <summary>An actor's place in the zone: named by the link's value <c>service</c>, or after its workload.</summary>
    static ZoneService ServiceOf(IncomingLink link) => new(
        link.Values.GetValueOrDefault("service") ?? link.Workload, Host: null, ZoneService.DefaultPort,
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
