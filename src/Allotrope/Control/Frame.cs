using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Control;

/// <summary>
/// What travels on the control socket, the owner's door to the bus of a running node. A connection carries one exchange:
/// <code>
///   client  Request    ->        Subscribe ->
///   server  Reply or Failure     Reply, then Delivery, Delivery, ... until either side closes
/// </code>
/// On the wire: length (4 bytes, little-endian), kind (1 byte), then the fields; texts are UTF-8 behind a 2-byte length.
/// </summary>
public abstract record Frame
{
    /// <summary>A request to whoever serves the message's subject.</summary>
    public sealed record Request(Message Message, TimeSpan Timeout) : Frame;

    /// <summary>Asks for every message that matches.</summary>
    public sealed record Subscribe(string Pattern) : Frame;

    /// <summary>The answer to a request; empty, that a subscription is live.</summary>
    public sealed record Reply(Message Message) : Frame;

    /// <summary>The fault that a request met.</summary>
    public sealed record Failure(Fault Fault) : Frame;

    /// <summary>A message on a subscription.</summary>
    public sealed record Delivery(Message Message) : Frame;
}
