using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>Answers the invocations of one provider workload. A caller that is not linked is refused; a call that is wrong gets an error text.</summary>
sealed class Provider : IAsyncDisposable
{
    readonly string _workload;
    volatile LinkStores _stores;
    readonly List<IAsyncDisposable> _served = [];

    Provider(string workload, LinkStores stores, Watches watches) => (_workload, _stores, Watches) = (workload, stores, watches);

    /// <summary>Whom it tells of changes.</summary>
    public Watches Watches { get; }

    public static async Task<Provider> StartAsync(ILattice lattice, TimeProvider time, string workload, LinkStores stores)
    {
        var provider = new Provider(workload, stores, new Watches(lattice, time, workload));
        provider._served.Add(await lattice.ServeAsync(Subjects.Invoke(workload), provider.HandleAsync, queueGroup: workload));
        provider._served.Add(await lattice.ServeAsync(Subjects.KeyValue(workload), provider.HandleCallAsync, queueGroup: workload));
        return provider;
    }

    /// <summary>Changes who is linked, from the next invocation on.</summary>
    public void Use(LinkStores stores) => _stores = stores;

    public async ValueTask DisposeAsync()
    {
        foreach (var served in _served)
            await served.DisposeAsync();
        await Watches.DisposeAsync();
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
