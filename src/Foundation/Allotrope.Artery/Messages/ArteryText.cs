using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Allotrope.Artery;

/// <summary>Text outside CBOR: <c>varint length | UTF-8</c>.</summary>
static class ArteryText
{
    public static void Write(IBufferWriter<byte> output, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Varint.Write(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    /// <exception cref="ArteryException">It is cut off, too long or no UTF-8.</exception>
    public static string Read(ref ReadOnlySpan<byte> source, int maxBytes)
    {
        var length = Varint.Read(ref source);
        if (length > (ulong)maxBytes || length > (ulong)source.Length || !Utf8.IsValid(source[..(int)length]))
            throw ArteryException.Malformed($"A text is not at most {maxBytes} bytes of UTF-8.");
        var text = Encoding.UTF8.GetString(source[..(int)length]);
        source = source[(int)length..];
        return text;
    }
}
