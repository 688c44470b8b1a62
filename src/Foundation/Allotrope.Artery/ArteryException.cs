using Allotrope.Kernel;

namespace Allotrope.Artery;

/// <summary>The other side broke the protocol, or the artery is closed; <see cref="Code"/> is what it closes, or was closed, with.</summary>
public sealed class ArteryException(CloseCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    public CloseCode Code { get; } = code;

    /// <summary>The same as a fault, for edges that speak faults.</summary>
    public Fault Fault => Code switch
    {
        CloseCode.NotAuthenticated => new Fault.Refused(Message),
        CloseCode.HandshakeTooSlow => new Fault.TimedOut(Message),
        CloseCode.TooLarge or CloseCode.Flood or CloseCode.Severed => new Fault.Exhausted(Message),
        CloseCode.Malformed or CloseCode.SequenceBroken => new Fault.Invalid("artery", Message),
        _ => new Fault.Unreachable(Message),
    };

    internal static ArteryException Malformed(string message) => new(CloseCode.Malformed, message);
}
