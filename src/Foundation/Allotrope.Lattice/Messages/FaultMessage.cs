using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>A fault as a reply: its kind in a header, its sentence as the payload.</summary>
public static class FaultMessage
{
    const string KindHeader = "Allotrope-Fault";
    const string WhereHeader = "Allotrope-Fault-Where";
    const string MoreHeader = "Allotrope-Fault-More";

    public static Message Of(Fault fault)
    {
        List<KeyValuePair<string, string>> headers = [new(KindHeader, fault.Kind)];
        if (fault is Fault.Invalid invalid)
        {
            headers.Add(new(WhereHeader, OneLine(invalid.Where)));
            headers.AddRange(invalid.More.Select(one => KeyValuePair.Create(MoreHeader, OneLine(one))));
        }
        return new Message("", Payload.Of(Encoding.UTF8.GetBytes(fault.Message)), new Headers(headers));
    }

    /// <summary>The fault that <paramref name="reply"/> is, or <see langword="null"/> for an ordinary reply.</summary>
    public static Fault? Read(Message reply)
    {
        if (reply.Headers is not { } headers || headers[KindHeader] is not { } kind)
            return null;
        var fault = Fault.Of(kind, Encoding.UTF8.GetString(reply.Payload.ToBytes().Span), headers[WhereHeader] ?? "");
        return fault is Fault.Invalid invalid && headers[MoreHeader] is not null
            ? invalid with { More = [.. headers.Where(one => one.Key == MoreHeader).Select(one => one.Value)] }
            : fault;
    }

    static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
