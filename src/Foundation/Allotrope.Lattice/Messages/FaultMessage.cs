using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>A fault as a reply: its kind in a header, its sentence as the payload.</summary>
public static class FaultMessage
{
    const string KindHeader = "Allotrope-Fault";
    const string WhereHeader = "Allotrope-Fault-Where";

    public static Message Of(Fault fault)
    {
        var kind = KeyValuePair.Create(KindHeader, fault.GetType().Name);
        var headers = fault is Fault.Invalid { Where: var where }
            ? new Headers(kind, KeyValuePair.Create(WhereHeader, where.ReplaceLineEndings(" ")))
            : new Headers(kind);
        return new Message("", Payload.Of(Encoding.UTF8.GetBytes(fault.Message)), headers);
    }

    /// <summary>The fault that <paramref name="reply"/> is, or <see langword="null"/> for an ordinary reply.</summary>
    public static Fault? Read(Message reply)
    {
        if (reply.Headers?[KindHeader] is not { } kind)
            return null;
        var message = Encoding.UTF8.GetString(reply.Payload.ToBytes().Span);
        return kind switch
        {
            nameof(Fault.Invalid) => new Fault.Invalid(reply.Headers[WhereHeader] ?? "", message),
            nameof(Fault.NotFound) => new Fault.NotFound(message),
            nameof(Fault.Refused) => new Fault.Refused(message),
            nameof(Fault.Conflict) => new Fault.Conflict(message),
            nameof(Fault.Unreachable) => new Fault.Unreachable(message),
            nameof(Fault.Exhausted) => new Fault.Exhausted(message),
            nameof(Fault.TimedOut) => new Fault.TimedOut(message),
            nameof(Fault.Damaged) => new Fault.Damaged(message),
            _ => new Fault.Failed(message),
        };
    }
}
