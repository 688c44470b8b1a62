using System.Text;

namespace Allotrope.Components;

/// <summary>Strings in guests' memories (Canonical ABI, "Loading" and "Storing" of strings): which room is asked for, and when, is part of it.</summary>
static class Strings
{
    /// <summary>Bytes that a string may take.</summary>
    const ulong MostBytes = (1 << 28) - 1;

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    static readonly UnicodeEncoding Utf16 = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);

    internal static GuestString Load(AbiContext context, ulong address, ulong taggedUnits)
    {
        var isTagged = context.Encoding == StringEncoding.Latin1OrUtf16 && (taggedUnits & context.Utf16Tag) != 0;
        var units = isTagged ? taggedUnits ^ context.Utf16Tag : taggedUnits;
        var isWide = isTagged || context.Encoding == StringEncoding.Utf16;
        if (units > MostBytes || (isWide && units > MostBytes / 2))
            throw new ComponentTrap("string content out-of-bounds: string pointer/length out of bounds of memory");
        context.Charge(units, sizeof(char));
        var alignment = context.Encoding == StringEncoding.Utf8 ? 1 : 2;
        var bytes = context.Bytes(address, isWide ? units * 2 : units, alignment, "string pointer/length out of bounds of memory: string content");
        try
        {
            var text = isWide ? Utf16.GetString(bytes) : context.Encoding == StringEncoding.Utf8 ? Utf8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
            return new(text, context.Encoding, context.Encoding == StringEncoding.Latin1OrUtf16 && !isTagged, (int)units);
        }
        catch (DecoderFallbackException e)
        {
            throw new ComponentTrap(isWide ? "invalid utf-16" : "invalid utf-8", e);
        }
    }

    /// <returns>Where it is, and its length with the mark of UTF-16 where that is to be told.</returns>
    internal static (ulong Begin, ulong Units) Store(AbiContext context, GuestString value)
    {
        var isUtf16 = value.Encoding == StringEncoding.Utf16 || (value.Encoding == StringEncoding.Latin1OrUtf16 && !value.IsLatin1);
        switch (context.Encoding)
        {
            case StringEncoding.Utf8 when value.Encoding == StringEncoding.Utf8: return Copy(context, value.Text, Utf8, 1, 1);
            case StringEncoding.Utf8: return StoreUtf8(context, value, (ulong)value.CodeUnits * (isUtf16 ? 3UL : 2UL));
            case StringEncoding.Utf16 when value.Encoding == StringEncoding.Utf8: return StoreUtf16(context, value);
            case StringEncoding.Utf16: return Copy(context, value.Text, Utf16, 2, 2);
            default:
                return value.Encoding != StringEncoding.Latin1OrUtf16 ? StoreEither(context, value)
                    : value.IsLatin1 ? Copy(context, value.Text, Encoding.Latin1, 1, 2)
                    : StoreProbablyUtf16(context, value);
        }
    }

    static (ulong, ulong) Copy(AbiContext context, string text, Encoding encoding, int unitBytes, int alignment)
    {
        var bytes = Encode(encoding, text);
        var begin = context.Allocate(alignment, (ulong)bytes.Length);
        bytes.CopyTo(context.Memory.Slice(begin, bytes.Length));
        return (begin, (ulong)(bytes.Length / unitBytes));
    }

    /// <summary>Room for ASCII first, then for the worst, then what it takes.</summary>
    static (ulong, ulong) StoreUtf8(AbiContext context, GuestString value, ulong worst)
    {
        var bytes = Encode(Utf8, value.Text);
        var units = (ulong)value.CodeUnits;
        var begin = context.Allocate(1, units);
        if (!Ascii.IsValid(bytes))
        {
            begin = context.Reallocate(begin, units, 1, worst);
            if (worst > (ulong)bytes.Length)
                begin = context.Reallocate(begin, worst, 1, (ulong)bytes.Length);
        }

        bytes.CopyTo(context.Memory.Slice(begin, bytes.Length));
        return (begin, (ulong)bytes.Length);
    }

    static (ulong, ulong) StoreUtf16(AbiContext context, GuestString value)
    {
        var bytes = Encode(Utf16, value.Text);
        var worst = 2 * (ulong)value.CodeUnits;
        var begin = context.Allocate(2, worst);
        if ((ulong)bytes.Length < worst)
            begin = context.Reallocate(begin, worst, 2, (ulong)bytes.Length);
        bytes.CopyTo(context.Memory.Slice(begin, bytes.Length));
        return (begin, (ulong)bytes.Length / 2);
    }

    static (ulong, ulong) StoreEither(AbiContext context, GuestString value)
    {
        var units = (ulong)value.CodeUnits;
        var begin = context.Allocate(2, units);
        if (IsLatin1(value.Text))
        {
            var narrow = Encoding.Latin1.GetBytes(value.Text);
            if ((ulong)narrow.Length < units)
                begin = context.Reallocate(begin, units, 2, (ulong)narrow.Length);
            narrow.CopyTo(context.Memory.Slice(begin, narrow.Length));
            return (begin, (ulong)narrow.Length);
        }

        var bytes = Encode(Utf16, value.Text);
        var worst = 2 * units;
        begin = context.Reallocate(begin, units, 2, worst);
        if (worst > (ulong)bytes.Length)
            begin = context.Reallocate(begin, worst, 2, (ulong)bytes.Length);
        bytes.CopyTo(context.Memory.Slice(begin, bytes.Length));
        return (begin, ((ulong)bytes.Length / 2) | context.Utf16Tag);
    }

    static (ulong, ulong) StoreProbablyUtf16(AbiContext context, GuestString value)
    {
        var bytes = Encode(Utf16, value.Text);
        var begin = context.Allocate(2, (ulong)bytes.Length);
        if (!IsLatin1(value.Text))
        {
            bytes.CopyTo(context.Memory.Slice(begin, bytes.Length));
            return (begin, ((ulong)bytes.Length / 2) | context.Utf16Tag);
        }

        var narrow = Encoding.Latin1.GetBytes(value.Text);
        begin = context.Reallocate(begin, (ulong)bytes.Length, 1, (ulong)narrow.Length);
        narrow.CopyTo(context.Memory.Slice(begin, narrow.Length));
        return (begin, (ulong)narrow.Length);
    }

    static bool IsLatin1(string text) => !text.AsSpan().ContainsAnyExceptInRange('\0', '\xFF');

    static byte[] Encode(Encoding encoding, string text)
    {
        try
        {
            return encoding.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("a string has half of a surrogate pair, which is no character", nameof(text), e);
        }
    }
}
