using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Allotrope.Components;

/// <content>Strings: one copy each way.</content>
sealed partial class Boundary
{
    /// <summary>Bytes that a string or list may take (Canonical ABI, "Loading").</summary>
    const ulong MostBytes = (1 << 28) - 1;

    // Ranges given to each search are boxed by code that the runtime's compiler makes of them.
    static readonly SearchValues<char> Surrogates = Letters('\ud800', '\udfff');
    static readonly SearchValues<char> Latin1 = Letters('\0', '\xff');

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    ulong Utf16Tag => options.IsWide ? 1UL << 63 : 1UL << 31;

    internal string LoadString(ulong address, ulong taggedUnits)
    {
        var bytes = TextAt(address, taggedUnits, out var form);
        if (form == TextForm.Utf16)
        {
            var text = MemoryMarshal.Cast<byte, char>(bytes);
            return IsWellFormed(text) ? new string(text) : throw new ComponentTrap("invalid utf-16");
        }

        if (form == TextForm.Latin1)
            return Encoding.Latin1.GetString(bytes);
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ComponentTrap("invalid utf-8", e);
        }
    }

    /// <summary>Checks where a guest says that a string lies, and pays for it.</summary>
    Span<byte> TextAt(ulong address, ulong taggedUnits, out TextForm form)
    {
        var isTagged = options.Encoding == StringEncoding.Latin1OrUtf16 && (taggedUnits & Utf16Tag) != 0;
        var units = isTagged ? taggedUnits ^ Utf16Tag : taggedUnits;
        var isWide = isTagged || options.Encoding == StringEncoding.Utf16;
        if (units > MostBytes || (isWide && units > MostBytes / 2))
            throw new ComponentTrap("string content out-of-bounds: string pointer/length out of bounds of memory");
        Charge(units, sizeof(char));
        var alignment = options.Encoding == StringEncoding.Utf8 ? 1 : 2;
        form = isWide ? TextForm.Utf16 : options.Encoding == StringEncoding.Utf8 ? TextForm.Utf8 : TextForm.Latin1;
        return Bytes(address, isWide ? units * 2 : units, alignment, "string pointer/length out of bounds of memory: string content");
    }

    /// <summary>Asks the guest for exactly the room that the string takes.</summary>
    /// <returns>Where it is.</returns>
    internal ulong StoreString(string text, out ulong units)
    {
        ArgumentNullException.ThrowIfNull(text);
        ulong address;
        switch (options.Encoding)
        {
            case StringEncoding.Utf8:
                units = (ulong)Count(text);
                address = Allocate(1, units);
                Utf8.GetBytes(text, Memory.Slice(address, (int)units));
                return address;
            case StringEncoding.Latin1OrUtf16 when !text.AsSpan().ContainsAnyExcept(Latin1):
                units = (ulong)text.Length;
                address = Allocate(2, units);
                Encoding.Latin1.GetBytes(text, Memory.Slice(address, text.Length));
                return address;
            default:
                if (!IsWellFormed(text))
                    throw HalfPair(nameof(text), null);
                address = Allocate(2, (ulong)text.Length * 2);
                MemoryMarshal.AsBytes(text.AsSpan()).CopyTo(Memory.Slice(address, text.Length * 2));
                units = (uint)text.Length | (options.Encoding == StringEncoding.Utf16 ? 0 : Utf16Tag);
                return address;
        }
    }

    static SearchValues<char> Letters(char first, char last) => SearchValues.Create([.. Enumerable.Range(first, last - first + 1).Select(each => (char)each)]);

    static int Count(string text)
    {
        try
        {
            return Utf8.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw HalfPair(nameof(text), e);
        }
    }

    static ArgumentException HalfPair(string parameter, Exception? cause) =>
        new("a string has half of a surrogate pair, which is no character", parameter, cause);

    static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (; ; )
        {
            var place = text.IndexOfAny(Surrogates);
            if (place < 0)
                return true;
            if (place + 1 == text.Length || !char.IsSurrogatePair(text[place], text[place + 1]))
                return false;
            text = text[(place + 2)..];
        }
    }
}
