using System.Text;

namespace Allotrope.Artery;

/// <summary>
/// Writes the intents of a batch, interning names and origins in a link's tables. Nothing is allocated for what is interned already.
/// </summary>
public ref struct IntentBatchWriter
{
    readonly FrameBuffer _output;
    readonly IntentWriteTables _tables;
    readonly long _base;

    /// <param name="baseTime">From which the intents' times are counted: that of the first is best.</param>
    public IntentBatchWriter(FrameBuffer output, IntentWriteTables tables, long baseTime)
    {
        _output = output;
        _tables = tables;
        _base = baseTime;
        Varint.Write(output, Varint.Fold(baseTime));
    }

    /// <summary>Adds an intent, whose name and data the caller has checked.</summary>
    public readonly void Write(in Intent intent)
    {
        var name = _tables.Names.Intern(intent.Name);
        Varint.Write(_output, (ulong)name);
        if (name == 0)
            WriteText(intent.Name);

        var origin = _tables.Origins.Intern(intent.Origin);
        Varint.Write(_output, (ulong)origin);
        if (origin == 0)
        {
            WriteText(intent.Origin.Name);
            Varint.Write(_output, (ulong)intent.Origin.Epoch);
        }

        var span = _output.GetSpan(4 * Varint.MaxBytes);
        var at = Varint.Write(span, (ulong)intent.Sequence);
        at += Varint.Write(span[at..], Varint.Fold(unchecked(intent.Time - _base)));
        at += Varint.Write(span[at..], ((ulong)intent.Data.Length << 1) | (intent.Ack is null ? 0UL : 1));
        if (intent.Ack is { } ack)
            at += Varint.Write(span[at..], (ulong)ack);
        _output.Advance(at);
        _output.Write(intent.Data);
    }

    readonly void WriteText(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Varint.Write(_output, (ulong)length);
        _output.Advance(Encoding.UTF8.GetBytes(text, _output.GetSpan(length)));
    }
}
