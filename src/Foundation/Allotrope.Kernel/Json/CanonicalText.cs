using System.Buffers;
using System.Text;

namespace Allotrope.Kernel;

/// <summary>Strings as RFC 8785, section 3.2.2.2 wants them: only what must be escaped is, everything else is plain UTF-8.</summary>
static class CanonicalText
{
    static readonly SearchValues<char> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    public static void Write(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        for (var plain = text.IndexOfAny(Special); plain >= 0; plain = text.IndexOfAny(Special))
        {
            Encoding.UTF8.GetBytes(text[..plain], output);
            Escape(text[plain], output);
            text = text[(plain + 1)..];
        }

        Encoding.UTF8.GetBytes(text, output);
        output.Write("\""u8);
    }

    static void Escape(char special, IBufferWriter<byte> output)
    {
        output.Write(special switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\t' => "\\t"u8,
            '\n' => "\\n"u8,
            '\f' => "\\f"u8,
            '\r' => "\\r"u8,
            < (char)0x10 => "\\u000"u8,
            _ => "\\u001"u8,
        });
        if (special < 0x20 && special is not ('\b' or '\t' or '\n' or '\f' or '\r'))
            output.Write([(byte)"0123456789abcdef"[special & 15]]);
    }
}
