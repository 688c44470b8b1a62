using System.Buffers.Text;
using System.Text;

namespace Allotrope.Kernel;

/// <summary>Base64url without padding (RFC 7515, section 2), of which exactly one spelling per value is accepted.</summary>
static class TokenText
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>; <paramref name="part"/> is where.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> text, string part)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        var status = Base64Url.DecodeFromUtf8(text, bytes, out _, out var written);
        bytes = bytes[..written];

        // The decoder forgives white space, padding and stray low bits: writing it again shows whether there were any.
        return status == System.Buffers.OperationStatus.Done && text.SequenceEqual(Encoding.ASCII.GetBytes(Encode(bytes)))
            ? bytes
            : throw new FaultException(new Fault.Invalid(part, $"The token's {part} is not base64url without padding."));
    }
}
