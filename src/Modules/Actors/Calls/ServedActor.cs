using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>An actor on the bus: answers <see cref="Subjects.Invoke"/> for its workload until disposed.</summary>
sealed class ServedActor : IAsyncDisposable
{
    IAsyncDisposable? _served;

    ServedActor(Actor actor) => Actor = actor;

    public Actor Actor { get; }

    public static async Task<ServedActor> StartAsync(ILattice lattice, Actor actor, CancellationToken cancellation)
    {
        var served = new ServedActor(actor);
        // Under its own name as queue group: on several nodes, one of them answers.
        served._served = await lattice.ServeAsync(Subjects.Invoke(actor.Workload), served.AnswerAsync, actor.Workload, cancellation);
        return served;
    }

    /// <summary>Takes no more calls, lets those under way finish, and frees the instances.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_served is not null)
            await _served.DisposeAsync();
        await Actor.DisposeAsync();
    }

    async ValueTask<Message> AnswerAsync(Message request, CancellationToken cancellation) =>
        Reply(await Actor.CallAsync(request.Payload.As(ContractsJson.Default.Invocation), cancellation));

    static Message Reply(InvocationResult result) => new("", Payload.Of(result, ContractsJson.Default.InvocationResult));
}
