using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>Answers the invocations of one provider workload. A caller that is not linked is refused; a call that is wrong gets an error text.</summary>
sealed class Provider : IProvider
{
    readonly ILattice _lattice;
    readonly string _workload;
    readonly Watches _watches;
    volatile LinkStores _stores;
    readonly List<IAsyncDisposable> _served = [];

    Provider(ILattice lattice, TimeProvider time, string workload, LinkStores stores) =>
        (_lattice, _workload, _watches, _stores) = (lattice, workload, new Watches(lattice, time, workload), stores);

    /// <summary>Opens what is kept and answers from then on.</summary>
    public static async Task<Provider> StartAsync(ILattice lattice, TimeProvider time, Assignment assignment, CancellationToken cancellation)
    {
        var workload = assignment.Workload;
        var provider = new Provider(lattice, time, workload, await LinkStores.OpenAsync(lattice, assignment, cancellation));
        try
        {
            provider._served.Add(await lattice.ServeAsync(Subjects.Invoke(workload), provider.HandleAsync, workload, cancellation));
            provider._served.Add(await lattice.ServeAsync(Subjects.KeyValue(workload), provider.HandleCallAsync, workload, cancellation));
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    public async Task<string> UseAsync(Assignment assignment, CancellationToken cancellation)
    {
        _stores = await LinkStores.OpenAsync(_lattice, assignment, cancellation);
        await _watches.ConvergeAsync(assignment, cancellation);
        var (links, watches) = (_stores.Count, _watches.Count);
        var unwritten = Watches.Unwritten(assignment);
        return $"Keeps the data of {links} {(links == 1 ? "link" : "links")}{(watches == 0 ? "" : $", tells {watches} of changes")}."
            + (unwritten is [] ? "" : $" No link is to a bucket that is watched: {string.Join(", ", unwritten)}.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var served in _served)
            await served.DisposeAsync();
        await _watches.DisposeAsync();
    }

    async ValueTask<Message> HandleAsync(Message request, CancellationToken cancellation)
    {
        var invocation = request.Payload.As(ContractsJson.Default.Invocation);
        var result = await InvokeAsync(invocation, cancellation);
        if (Operation.IsKnown(invocation.Operation)) // so that guests cannot make up series
            KeyValueMeter.Count(invocation.Operation, result.Error is not null);
        return new Message("", Payload.Of(result, ContractsJson.Default.InvocationResult));
    }

    async ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellation)
    {
        var store = StoreOf(invocation.Origin, invocation.LinkName);
        try
        {
            return new InvocationResult(await Operation.RunAsync(store, invocation.Operation, invocation.Body, cancellation));
        }
        catch (FaultException error) when (error.Fault is Fault.Invalid or Fault.Exhausted or Fault.NotFound)
        {
            // What the guest asked for cannot be done, and it is the guest that can change that.
            return new InvocationResult(ReadOnlyMemory<byte>.Empty, $"{invocation.Operation}: {error.Fault.Message}");
        }
    }

    /// <summary>Of a component. What it asked for and cannot be done is a fault, which whoever runs it tells it.</summary>
    async ValueTask<Message> HandleCallAsync(Message request, CancellationToken cancellation)
    {
        var call = request.Payload.As(ContractsJson.Default.KeyValueCall);
        var failed = true;
        try
        {
            var reply = await StoreOf(call.Origin, call.LinkName).RunAsync(call.Operation, cancellation);
            failed = false;
            return new Message("", Payload.Of(reply, ContractsJson.Default.KeyValueReply));
        }
        finally
        {
            KeyValueMeter.Count(call.Operation.GetType().Name, failed);
        }
    }

    Store StoreOf(string origin, string link) => _stores.Find(origin, link) ?? throw new FaultException(new Fault.Refused(
        $"{origin} is not linked to {_workload} under the name {link}: add the link to the blueprint."));
}
