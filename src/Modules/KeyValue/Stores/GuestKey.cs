using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>
/// Turns the key of a guest, which may be any text, into one of a bucket: letters, digits, <c>-</c>, <c>_</c> and <c>/</c> stay, every other byte of
/// its UTF-8 becomes <c>=XX</c>, and no text at all becomes <c>=</c>. What would be too long becomes <c>==</c> and its SHA-256, which nothing else
/// can become.
/// </summary>
static class GuestKey
{
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> beyond <see cref="KeyValueLimits.KeyLength"/>.</exception>
    public static string Encode(string key)
    {
        if (Encoding.UTF8.GetByteCount(key) is var length && length > KeyValueLimits.KeyLength)
            throw new FaultException(new Fault.Invalid("key", $"The key has {length} bytes; {KeyValueLimits.KeyLength} are the most."));
        if (key is "")
            return "=";
        if (length <= LatticeLimits.KeyLength && key.All(IsPlain))
            return key;
        var bytes = Encoding.UTF8.GetBytes(key);
        var encoded = new StringBuilder(length * 3);
        foreach (var one in bytes)
            if (IsPlain((char)one))
                encoded.Append((char)one);
            else
                encoded.Append('=').Append(one.ToString("X2"));
        return encoded.Length <= LatticeLimits.KeyLength ? encoded.ToString() : "==" + Base64Url.EncodeToString(SHA256.HashData(bytes));
    }

    static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/';
}
