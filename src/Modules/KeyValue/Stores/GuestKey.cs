using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>
/// The key of a guest, which may be any text, as one of a bucket: letters, digits, <c>-</c>, <c>_</c> and <c>/</c> stay, every other byte of
/// its UTF-8 becomes <c>=XX</c>, and no text at all becomes <c>=</c>. What would be too long becomes <c>==</c> and its SHA-256, which nothing else
/// can become; the key itself lies before the value then, so that it can be told again.
/// </summary>
readonly struct GuestKey
{
    const byte KeyBefore = (byte)'k';
    const int HeadLength = 3; // the mark, and the key's length in two bytes
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What hashed keys begin with: in order they come after it, all together.</summary>
    public const string BeforeHashed = "==";

    readonly byte[]? _hashed;

    GuestKey(string encoded, byte[]? hashed) => (Encoded, _hashed) = (encoded, hashed);

    /// <summary>The key in the bucket.</summary>
    public string Encoded { get; }

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> beyond <see cref="KeyValueLimits.KeyLength"/>.</exception>
    public static GuestKey Of(string key)
    {
        if (Encoding.UTF8.GetByteCount(key) is var length && length > KeyValueLimits.KeyLength)
            throw new FaultException(new Fault.Invalid("key", $"The key has {length} bytes; {KeyValueLimits.KeyLength} are the most."));
        if (key is "")
            return new("=", null);
        if (length <= LatticeLimits.KeyLength && key.All(IsPlain))
            return new(key, null);
        var bytes = Encoding.UTF8.GetBytes(key);
        var encoded = new StringBuilder(length * 3);
        foreach (var one in bytes)
            if (IsPlain((char)one))
                encoded.Append((char)one);
            else
                encoded.Append('=').Append(one.ToString("X2", CultureInfo.InvariantCulture));
        return encoded.Length <= LatticeLimits.KeyLength
            ? new(encoded.ToString(), null)
            : new(BeforeHashed + Base64Url.EncodeToString(SHA256.HashData(bytes)), bytes);
    }

    /// <summary>What lies in the bucket for a value of this key.</summary>
    public ReadOnlyMemory<byte> Wrap(ReadOnlyMemory<byte> value)
    {
        if (_hashed is not { } key)
            return value;
        var wrapped = new byte[HeadLength + key.Length + value.Length];
        wrapped[0] = KeyBefore;
        BinaryPrimitives.WriteUInt16BigEndian(wrapped.AsSpan(1), (ushort)key.Length);
        key.CopyTo(wrapped, HeadLength);
        value.CopyTo(wrapped.AsMemory(HeadLength + key.Length));
        return wrapped;
    }

    /// <summary>The value in what lies in the bucket. Values of long keys written before keys lay with them have none.</summary>
    public static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> stored) => KeyWithin(stored) is { } key ? stored[(HeadLength + key.Length)..] : stored;

    /// <summary>Whether the guest's key lies with the value and <see cref="Decode"/> cannot tell it.</summary>
    public static bool IsHashed(string encoded) => encoded.StartsWith(BeforeHashed, StringComparison.Ordinal);

    /// <summary>The guest's key of what lies under a hashed one; <see langword="null"/> when it does not say.</summary>
    public static string? DecodeHashed(ReadOnlyMemory<byte> stored) => KeyWithin(stored) is { } key ? Strict.GetString(key.Span) : null;

    /// <summary>The guest's key that became <paramref name="encoded"/>.</summary>
    public static string Decode(string encoded)
    {
        if (!encoded.Contains('=', StringComparison.Ordinal))
            return encoded;
        if (encoded is "=")
            return "";
        var bytes = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '=')
            {
                bytes[length++] = byte.Parse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 2;
            }
            else
                bytes[length++] = (byte)encoded[i];
        }
        return Strict.GetString(bytes.AsSpan(0, length));
    }

    static ReadOnlyMemory<byte>? KeyWithin(ReadOnlyMemory<byte> stored) => stored.Span is [KeyBefore, _, _, ..]
        ? stored.Slice(HeadLength, BinaryPrimitives.ReadUInt16BigEndian(stored.Span[1..]))
        : (ReadOnlyMemory<byte>?)null; // a bare null would become empty memory

    static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/';
}
