namespace Allotrope.Lattice;

/// <summary>
/// The bus that the modules of a node, and the nodes of a lattice, talk over. Semantics are NATS's: subjects of dot-separated tokens,
/// <c>*</c> matches one token and a trailing <c>&gt;</c> one or more; at most once delivery; a queue group hands each message to one member.
/// Every implementation passes the kit in <c>tests/Conformance</c>.
/// </summary>
public interface ILattice : IAsyncDisposable
{
    /// <summary>Hands a message to every matching subscription. No subscriber is no error. Never waits for a slow subscriber.</summary>
    ValueTask PublishAsync(Message message, CancellationToken cancellation = default);

    /// <summary>
    /// False when it is certain that nobody would receive a message on <paramref name="subject"/>, so that it need not be made. True proves nothing.
    /// </summary>
    bool MayBeHeard(string subject) => true;

    /// <summary>
    /// Sends a request to one responder and awaits its reply.
    /// </summary>
    /// <exception cref="Kernel.FaultException">
    /// <see cref="Kernel.Fault.Unreachable"/> at once when nobody serves the subject, <see cref="Kernel.Fault.TimedOut"/> after
    /// <paramref name="timeout"/> (default <see cref="LatticeLimits.RequestTimeout"/>), or the fault the responder threw.
    /// </exception>
    ValueTask<Message> RequestAsync(Message request, TimeSpan? timeout = null, CancellationToken cancellation = default);

    /// <summary>Opens a subscription. It is live when the task completes; dispose it to stop.</summary>
    ValueTask<Subscription> SubscribeAsync(string pattern, SubscriptionOptions? options = null, CancellationToken cancellation = default);

    /// <summary>
    /// Answers requests on <paramref name="pattern"/>. In process, <paramref name="handler"/> runs on the requester's flow of control, so a
    /// request costs no queue and no thread switch; a handler therefore must not block. What it throws reaches the requester as a fault.
    /// Members of one queue group take turns. Disposing stops new requests and awaits those under way.
    /// </summary>
    ValueTask<IAsyncDisposable> ServeAsync(string pattern, RequestHandler handler, string? queueGroup = null, CancellationToken cancellation = default);

    /// <summary>Opens the bucket named in <paramref name="options"/>, creating it when it is new.</summary>
    ValueTask<IBucket> OpenBucketAsync(BucketOptions options, CancellationToken cancellation = default);
}

/// <summary>Answers one request. The returned message's subject is ignored; its payload and headers travel back.</summary>
public delegate ValueTask<Message> RequestHandler(Message request, CancellationToken cancellation);
