using System.Buffers;

namespace Allotrope.Artery;

/// <summary>A call of one service by another through the core, and its answer.</summary>
/// <param name="Id">Chosen by who asks on this link; the answer repeats it.</param>
public abstract record Invocation(long Id)
{
    const int MaxTextBytes = 4096;

    /// <param name="Caller">The service that asks; the core says it, whatever was written.</param>
    /// <param name="Key">A repeated key gets the first answer within 60 s; <see langword="null"/> for none.</param>
    /// <param name="Data">One CBOR item.</param>
    /// <param name="TimeOut">How long the caller waits.</param>
    public sealed record Request(
        long Id, string Target, string Caller, string Method, string? Key, ReadOnlyMemory<byte> Data, TimeSpan TimeOut) : Invocation(Id);

    /// <param name="Data">One CBOR item.</param>
    public sealed record Result(long Id, ReadOnlyMemory<byte> Data) : Invocation(Id);

    /// <param name="Code">One of <see cref="InvocationCode"/>.</param>
    public sealed record Error(long Id, string Code, string Text) : Invocation(Id);

    public void Write(IBufferWriter<byte> output)
    {
        var cbor = new CborWriter(output);
        switch (this)
        {
            case Request request:
                cbor.Array(8);
                cbor.Integer(0);
                cbor.Integer(Id);
                cbor.Text(request.Target);
                cbor.Text(request.Caller);
                cbor.Text(request.Method);
                cbor.TextOrNull(request.Key);
                cbor.Item(request.Data.Span);
                cbor.Integer((long)request.TimeOut.TotalMilliseconds);
                break;
            case Result result:
                cbor.Array(3);
                cbor.Integer(1);
                cbor.Integer(Id);
                cbor.Item(result.Data.Span);
                break;
            case Error error:
                cbor.Array(4);
                cbor.Integer(2);
                cbor.Integer(Id);
                cbor.Text(error.Code);
                cbor.Text(error.Text.Length <= MaxTextBytes / 4 ? error.Text : error.Text[..(MaxTextBytes / 4)]);
                break;
        }
    }

    /// <exception cref="ArteryException">It is malformed.</exception>
    public static Invocation Read(ReadOnlySpan<byte> content)
    {
        var cbor = new CborReader(content);
        var items = cbor.ReadArray();
        var kind = cbor.ReadInteger();
        Invocation invocation = (kind, items) switch
        {
            (0, 8) => new Request(
                cbor.ReadCount(), cbor.ReadText(ArteryLimits.NameBytes), cbor.ReadText(ArteryLimits.NameBytes), cbor.ReadText(ArteryLimits.NameBytes),
                cbor.TryReadNull() ? null : cbor.ReadText(ArteryLimits.NameBytes), cbor.ReadItem().ToArray(),
                TimeSpan.FromMilliseconds(cbor.ReadCount(int.MaxValue))),
            (1, 3) => new Result(cbor.ReadCount(), cbor.ReadItem().ToArray()),
            (2, 4) => new Error(cbor.ReadCount(), cbor.ReadText(ArteryLimits.NameBytes), cbor.ReadText(MaxTextBytes)),
            _ => throw ArteryException.Malformed("An invocation is neither request, result nor error."),
        };
        cbor.ExpectEnd();
        return invocation;
    }
}

/// <summary>What an invocation's error says, for programs to decide by.</summary>
public static class InvocationCode
{
    public const string UnknownService = "unknown-service";
    public const string UnknownMethod = "unknown-method";
    public const string Unreachable = "unreachable";
    public const string TimedOut = "timed-out";
    public const string Failed = "failed";
    public const string Refused = "refused";
    public const string Exhausted = "exhausted";
}
