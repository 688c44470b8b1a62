using System.Collections.Concurrent;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// Answers <see cref="Subjects.ActorProfile"/>. While an actor is looked at, its calls run on a revision of the same code compiled to be sampled: the
/// monitor asks it about once a millisecond to note its stack. Afterwards the ordinary one takes its place again.
/// </summary>
sealed class ActorProfiles : IAsyncDisposable
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<string, bool> _underWay = new();
    readonly CancellationTokenSource _stop = new();
    readonly Func<string, Actor?> _find;
    readonly Func<Assignment, CompiledActor, GuestProfile?, CancellationToken, Task<ActorRevision>> _start;
    readonly CompiledActors _compiled;
    readonly TimeProvider _time;
    IAsyncDisposable? _served;

    ActorProfiles(
        Func<string, Actor?> find, Func<Assignment, CompiledActor, GuestProfile?, CancellationToken, Task<ActorRevision>> start, CompiledActors compiled, TimeProvider time) =>
        (_find, _start, _compiled, _time) = (find, start, compiled, time);

    /// <param name="find">The actor of a workload, when it runs here.</param>
    /// <param name="start">Makes a revision.</param>
    public static async Task<ActorProfiles> StartAsync(
        ILattice lattice, Func<string, Actor?> find, Func<Assignment, CompiledActor, GuestProfile?, CancellationToken, Task<ActorRevision>> start,
        CompiledActors compiled, TimeProvider time, CancellationToken cancellation)
    {
        var profiles = new ActorProfiles(find, start, compiled, time);
        profiles._served = await lattice.ServeAsync(Subjects.ActorProfile, profiles.AnswerAsync, cancellation: cancellation);
        return profiles;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_served is not null)
            await _served.DisposeAsync();
        _stop.Dispose();
    }

    async ValueTask<Message> AnswerAsync(Message request, CancellationToken cancellation)
    {
        var asked = request.Payload.As(ContractsJson.Default.ProfileRequest);
        var length = TimeSpan.FromMilliseconds(asked.Milliseconds);
        if (length <= TimeSpan.Zero || length > Longest)
            throw new FaultException(new Fault.Invalid("milliseconds", $"A profile takes up to {Longest.TotalSeconds:0} seconds, not {length.TotalSeconds:0.###}."));
        var actor = _find(asked.Workload)
            ?? throw new FaultException(new Fault.NotFound($"No actor {asked.Workload} runs on this node: `allot status` lists what does."));
        if (!_underWay.TryAdd(asked.Workload, true))
            throw new FaultException(new Fault.Conflict($"Actor {asked.Workload} is being profiled already; wait until that is over."));
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
            var profile = await ProfileAsync(actor, length, stop.Token);
            var stacks = profile.Stacks.OrderByDescending(stack => stack.Value).Select(stack => new ProfiledStack(stack.Key, stack.Value));
            return new Message("", Payload.Of(new ProfileResult([.. stacks]), ContractsJson.Default.ProfileResult));
        }
        finally
        {
            _underWay.TryRemove(asked.Workload, out _);
        }
    }

    async Task<GuestProfile> ProfileAsync(Actor actor, TimeSpan length, CancellationToken cancellation)
    {
        var ordinary = actor.Revision;
        var profile = new GuestProfile();
        var code = await _compiled.MakeSampledAsync(ordinary.Code, cancellation);
        var sampled = await _start(ordinary.Assignment, code, profile, cancellation);
        if (!await ReplaceAsync(actor, ordinary, sampled))
            throw new FaultException(new Fault.Conflict($"Actor {actor.Workload} was exchanged just now; ask again."));
        try
        {
            await Task.Delay(length, _time, cancellation);
        }
        finally
        {
            // Also when nobody waits any more; not when another revision has come meanwhile, or the node stops.
            if (!_stop.IsCancellationRequested && actor.Revision == sampled)
                await ReplaceAsync(actor, sampled, await _start(ordinary.Assignment, ordinary.Code, null, CancellationToken.None));
        }

        return profile;
    }

    static async Task<bool> ReplaceAsync(Actor actor, ActorRevision before, ActorRevision next)
    {
        if (actor.TryExchange(before, next))
            return true;
        await next.DisposeAsync();
        return false;
    }
}
