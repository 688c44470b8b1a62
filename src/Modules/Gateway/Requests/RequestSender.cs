using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Gateway;

/// <summary>Carries encoded requests over the bus to the workloads that answer them.</summary>
sealed class RequestSender(ILattice lattice, GatewayServices services)
{
    const string Operation = "HttpServer.HandleRequest";

    /// <summary>Calls the actor of <paramref name="route"/> and returns its encoded answer.</summary>
    /// <exception cref="FaultException">What failed on the way, or <see cref="Fault.Failed"/> with the actor's own error.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> SendAsync(Route route, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var invocation = new Invocation(route.Provider, HttpContract.Id, route.LinkName, Operation, request);
        var reply = await lattice.RequestAsync(
            new Message(route.Subject, Payload.Of(invocation, ContractsJson.Default.Invocation)), services.Options.CallTime, cancellation);
        var result = reply.Payload.As(ContractsJson.Default.InvocationResult);
        return result.Error is null ? result.Body : throw new FaultException(new Fault.Failed(result.Error));
    }

    /// <summary>Passes a request to the component of <paramref name="route"/> and its answer back, both as streams.</summary>
    /// <exception cref="FaultException">What failed, perhaps in the middle of the answer.</exception>
    public ValueTask StreamAsync(Exchange exchange, Route route, CancellationToken left) => new StreamedExchange(exchange, route, lattice, services).RunAsync(left);

    /// <summary>Writes to the log of <paramref name="workload"/>, where <c>allot logs</c> finds what the client is not told.</summary>
    public ValueTask LogAsync(string workload, string text) => WorkloadLog.TellAsync(lattice, services.Clock, workload, text);
}
