using System.Buffers;

namespace Allotrope.Artery;

/// <summary>Control FAULT: a handler threw, and the intent is gone.</summary>
public sealed record FaultMessage(string Intent, string Origin, long Sequence, string What)
{
    const int MaxWhatBytes = 4096;

    public void Write(IBufferWriter<byte> output)
    {
        ArteryText.Write(output, Intent);
        ArteryText.Write(output, Origin);
        Varint.Write(output, (ulong)Sequence);
        ArteryText.Write(output, What.Length <= MaxWhatBytes / 4 ? What : What[..(MaxWhatBytes / 4)]);
    }

    /// <summary>Reads it; its texts become one line each, because they are told to people.</summary>
    /// <exception cref="ArteryException">It is malformed.</exception>
    public static FaultMessage Read(ReadOnlySpan<byte> content)
    {
        var message = new FaultMessage(
            ReadLine(ref content, ArteryLimits.NameBytes), ReadLine(ref content, ArteryLimits.NameBytes), Varint.ReadCount(ref content),
            ReadLine(ref content, MaxWhatBytes));
        return content.IsEmpty ? message : throw ArteryException.Malformed("Bytes follow a FAULT.");
    }

    static string ReadLine(ref ReadOnlySpan<byte> content, int maxBytes) => PlainText.Of(ArteryText.Read(ref content, maxBytes));
}
