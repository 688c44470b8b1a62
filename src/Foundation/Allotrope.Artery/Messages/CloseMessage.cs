using System.Buffers;

namespace Allotrope.Artery;

/// <summary>Control CLOSE: why the link ends, said before it does.</summary>
public sealed record CloseMessage(CloseCode Code, string Text)
{
    const int MaxTextBytes = 1024;

    public void Write(IBufferWriter<byte> output)
    {
        var cbor = new CborWriter(output);
        cbor.Array(2);
        cbor.Integer((int)Code);
        cbor.Text(Text.Length <= MaxTextBytes / 4 ? Text : Text[..(MaxTextBytes / 4)]);
    }

    /// <exception cref="ArteryException">It is malformed.</exception>
    public static CloseMessage Read(ReadOnlySpan<byte> content)
    {
        var cbor = new CborReader(content);
        cbor.ReadArray(2);
        var message = new CloseMessage((CloseCode)cbor.ReadCount(4999), cbor.ReadText(MaxTextBytes));
        cbor.ExpectEnd();
        return message;
    }
}
