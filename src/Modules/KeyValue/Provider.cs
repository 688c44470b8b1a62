using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>Answers the invocations of one provider workload. A caller that is not linked is refused; a call that is wrong gets an error text.</summary>
sealed class Provider : IAsyncDisposable
{
    readonly string _workload;
    volatile LinkStores _stores;
    IAsyncDisposable? _served;

    Provider(string workload, LinkStores stores) => (_workload, _stores) = (workload, stores);

    public static async Task<Provider> StartAsync(ILattice lattice, string workload, LinkStores stores)
    {
        var provider = new Provider(workload, stores);
        provider._served = await lattice.ServeAsync(Subjects.Invoke(workload), provider.HandleAsync, queueGroup: workload);
        return provider;
    }

    /// <summary>Changes who is linked, from the next invocation on.</summary>
    public void Use(LinkStores stores) => _stores = stores;

    public ValueTask DisposeAsync() => _served?.DisposeAsync() ?? ValueTask.CompletedTask;

    async ValueTask<Message> HandleAsync(Message request, CancellationToken cancellation)
    {
        var invocation = request.Payload.As(ContractsJson.Default.Invocation);
        var result = await InvokeAsync(invocation, cancellation);
        KeyValueMeter.Count(invocation.Operation, result);
        return new Message("", Payload.Of(result, ContractsJson.Default.InvocationResult));
    }

    async ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellation)
    {
        var store = _stores.Find(invocation.Origin, invocation.LinkName) ?? throw new FaultException(new Fault.Refused(
            $"{invocation.Origin} is not linked to {_workload} under the name {invocation.LinkName}: add the link to the blueprint."));
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
}
