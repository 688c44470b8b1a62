using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>
/// A component on the bus: answers <see cref="Subjects.Http"/>, <see cref="Subjects.Handle"/>, <see cref="Subjects.Change"/> and <see cref="Subjects.Function"/> for its
/// workload until disposed.
/// </summary>
sealed class ServedComponent(ComponentWorkload workload, TimeProvider time) : IAsyncDisposable
{
    readonly List<IAsyncDisposable> _served = [];

    public ComponentWorkload Workload => workload;

    public static async Task<ServedComponent> StartAsync(ILattice lattice, ComponentWorkload workload, TimeProvider time, CancellationToken cancellation)
    {
        var served = new ServedComponent(workload, time);
        try
        {
            served._served.Add(await lattice.ServeAsync(
                Subjects.Http(workload.Workload), (request, token) => new(workload.AnswerAsync(request, token)), workload.Workload, cancellation));
            served._served.Add(await lattice.ServeAsync(
                Subjects.Handle(workload.Workload), (message, token) => new(workload.TakeAsync(message.Payload.As(ContractsJson.Default.MessageDelivery), token)),
                workload.Workload, cancellation));
            served._served.Add(await lattice.ServeAsync(
                Subjects.Change(workload.Workload), (change, token) => new(workload.TakeAsync(change.Payload.As(ContractsJson.Default.KeyValueChange), token)),
                workload.Workload, cancellation));
            served._served.Add(await lattice.ServeAsync(
                Subjects.Function(workload.Workload), (request, token) => new(workload.CallAsync(request.Payload.As(ContractsJson.Default.FunctionCall), token)),
                workload.Workload, cancellation));
            return served;
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more calls, lets those under way go on for <see cref="ActorLimits.ComponentDrain"/>, and frees the instances.</summary>
    public async ValueTask DisposeAsync()
    {
        var ended = EndAsync();
        while (!ended.IsCompleted)
        {
            await Task.WhenAny(ended, Task.Delay(ActorLimits.ComponentDrain, time));
            Workload.Cancel();
        }
        await ended;
    }

    async Task EndAsync()
    {
        foreach (var served in _served)
            await served.DisposeAsync();
        await Workload.DisposeAsync();
    }
}
