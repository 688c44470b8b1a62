using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>The host that guests call: built-in contracts are answered here, everything else goes over the bus to what the actor is linked to.</summary>
sealed class GuestHost(
    ILattice lattice, IRandom random, GuestMonitor monitor, ActorLogs logs, ActorDirectory directory, CallRecordFolder? records, IdleMemory memory)
{
    static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);

    public ActorLogs Logs { get; } = logs;

    /// <summary>For instances that wait for calls.</summary>
    public IdleMemory Memory { get; } = memory;

    /// <summary>Where calls that trap leave their records, if anywhere.</summary>
    public CallRecordFolder? Records { get; } = records;

    public ActorDirectory Directory { get; } = directory;

    /// <summary>Decides who answers a call before its payload is looked at.</summary>
    /// <returns>A subject, or <see langword="null"/> with the error text for the guest, or with neither for a built-in contract.</returns>
    public static string? Route(ActorRevision caller, string contract, string link, out string? error)
    {
        if (!Builtins.Have(contract))
            return caller.Links.Resolve(contract, link, out error);
        error = caller.Links.Claims(contract) ? null : caller.Links.MissingClaim(contract);
        return null;
    }

    public ReadOnlyMemory<byte> AnswerBuiltin(ActorRevision caller, string contract, string operation, ReadOnlySpan<byte> payload) =>
        Builtins.Answer(contract, operation, payload, random, caller.Log);

    /// <summary>
    /// Sends a request and waits for its answer: the one place where a thread waits for the bus, because WebAssembly code cannot be left and
    /// entered again. Most answers in one process are there already; for the others the thread is a guest thread, and another one takes its place.
    /// </summary>
    /// <exception cref="FaultException">What the bus or the callee reports.</exception>
    public InvocationResult Request(string subject, Invocation invocation, GuestRun run)
    {
        var pending = lattice.RequestAsync(
            new Message(subject, Payload.Of(invocation, ContractsJson.Default.Invocation)), Remaining(run), run.Cancellation);
#pragma warning disable CA2012, VSTHRD002 // waited for once, on purpose; see above
        if (pending.IsCompleted)
            return Read(pending.GetAwaiter().GetResult());
        run.BeginWait();
        try
        {
            return Read(pending.AsTask().GetAwaiter().GetResult());
        }
        finally
        {
            run.EndWait();
        }
#pragma warning restore CA2012, VSTHRD002
    }

    // Never nothing, which the bus would take for a mistake: when the time is over the monitor says so.
    TimeSpan Remaining(GuestRun run)
    {
        var left = monitor.Until(run.Deadline);
        return left > LeastTime ? left : LeastTime;
    }

    static InvocationResult Read(Message answer) => answer.Payload.As(ContractsJson.Default.InvocationResult);
}
