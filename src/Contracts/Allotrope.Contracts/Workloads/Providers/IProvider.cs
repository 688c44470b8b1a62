namespace Allotrope.Contracts;

/// <summary>A provider that is part of the node, as it runs for one workload. Disposing takes no more calls and awaits those under way.</summary>
public interface IProvider : IAsyncDisposable
{
    /// <summary>Does what is assigned now, from the next call on; the sentence says what that is, for the workload's status. Calls never overlap.</summary>
    /// <exception cref="Kernel.FaultException">It cannot; the sentence says why.</exception>
    Task<string> UseAsync(Assignment assignment, CancellationToken cancellation);
}
