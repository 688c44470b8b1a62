using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Utf8Text = System.Text.Unicode.Utf8;

namespace Allotrope.Components;

/// <content>
/// Strings of one component as another writes them. What room is asked for, when, and what is there by then, are the specification's (Canonical ABI,
/// "Storing", from <c>store_string_into_range</c> on): a guest sees it.
/// </content>
sealed partial class Boundary
{
    static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(0, 0x80).Select(each => (byte)each)]);

    /// <summary>The same bytes.</summary>
    ulong StoreCopy(ReadOnlySpan<byte> source, int unitBytes, out ulong units)
    {
        var address = Allocate(unitBytes, (ulong)source.Length);
        source.CopyTo(Memory.Slice(address, source.Length));
        units = (ulong)(source.Length / unitBytes);
        return address;
    }

    /// <summary>The same bytes, where UTF-16 could be.</summary>
    ulong StoreLatin1(ReadOnlySpan<byte> source, out ulong units)
    {
        var address = Allocate(sizeof(char), units = (ulong)source.Length);
        source.CopyTo(Memory.Slice(address, source.Length));
        return address;
    }

    ulong StoreWidened(ReadOnlySpan<byte> source, out ulong units)
    {
        units = (ulong)source.Length;
        var address = Allocate(sizeof(char), units * sizeof(char));
        Encoding.Latin1.GetChars(source, LettersAt(address, source.Length));
        return address;
    }

    /// <summary>Room for ASCII first; from the first other letter on for the worst, then for what it takes.</summary>
    ulong StoreUtf8(ReadOnlySpan<byte> source, TextForm form, out ulong units)
    {
        var letters = MemoryMarshal.Cast<byte, char>(source);
        var isWide = form == TextForm.Utf16;
        var count = isWide ? letters.Length : source.Length;
        var address = Allocate(1, (ulong)count);
        int prefix;
        if (isWide)
            Ascii.FromUtf16(letters, Memory.Slice(address, count), out prefix);
        else
        {
            prefix = PlainPrefix(source);
            source[..prefix].CopyTo(Memory.Slice(address, count));
        }

        units = (ulong)count;
        if (prefix == count)
            return address;
        var worst = (ulong)count * (isWide ? 3UL : 2UL);
        address = Reallocate(address, units, 1, worst);
        var room = Memory.Slice(address, (int)worst)[prefix..];
        int written;
        if (isWide)
            RequireDone(Utf8Text.FromUtf16(letters[prefix..], room, out _, out written, replaceInvalidSequences: false));
        else
            written = EncodeLatin1(source[prefix..], room);
        units = (ulong)(prefix + written);
        return worst > units ? Reallocate(address, worst, 1, units) : address;
    }

    /// <summary>Room for as many letters as there are bytes, then for those there are.</summary>
    ulong StoreUtf16(ReadOnlySpan<byte> source, out ulong units)
    {
        var worst = (ulong)source.Length * sizeof(char);
        var address = Allocate(sizeof(char), worst);
        RequireDone(Utf8Text.ToUtf16(source, LettersAt(address, source.Length), out _, out var written, replaceInvalidSequences: false));
        units = (ulong)written;
        return units * sizeof(char) < worst ? Reallocate(address, worst, sizeof(char), units * sizeof(char)) : address;
    }

    /// <summary>Latin-1 up to the first letter beyond it; then what is there is widened and the rest is UTF-16.</summary>
    ulong StoreEither(ReadOnlySpan<byte> source, TextForm form, out ulong units)
    {
        var count = form == TextForm.Utf16 ? source.Length / sizeof(char) : source.Length;
        var address = Allocate(sizeof(char), (ulong)count);
        var read = Narrow(source, form, Memory.Slice(address, count), out var narrow);
        units = (ulong)narrow;
        if (read == source.Length)
            return narrow < count ? Reallocate(address, (ulong)count, sizeof(char), units) : address;
        var worst = (ulong)count * sizeof(char);
        address = Reallocate(address, (ulong)count, sizeof(char), worst);
        var room = Memory.Slice(address, count * sizeof(char));
        for (var i = narrow - 1; i >= 0; i--)
            (room[2 * i], room[(2 * i) + 1]) = (room[i], 0);
        var letters = MemoryMarshal.Cast<byte, char>(room)[narrow..];
        var rest = source[read..];
        var written = rest.Length / sizeof(char);
        if (form == TextForm.Utf16)
            MemoryMarshal.Cast<byte, char>(rest).CopyTo(letters);
        else
            RequireDone(Utf8Text.ToUtf16(rest, letters, out _, out written, replaceInvalidSequences: false));
        var total = (ulong)(narrow + written);
        units = total | Utf16Tag;
        return total * sizeof(char) < worst ? Reallocate(address, worst, sizeof(char), total * sizeof(char)) : address;
    }

    /// <summary>UTF-16 first; half of it when no letter needs more.</summary>
    ulong StoreProbablyUtf16(ReadOnlySpan<byte> source, out ulong units)
    {
        var address = Allocate(sizeof(char), (ulong)source.Length);
        var room = Memory.Slice(address, source.Length);
        source.CopyTo(room);
        var letters = MemoryMarshal.Cast<byte, char>(source);
        units = (ulong)letters.Length;
        if (letters.ContainsAnyExcept(Latin1))
        {
            units |= Utf16Tag;
            return address;
        }

        Encoding.Latin1.GetBytes(letters, room);
        return Reallocate(address, (ulong)source.Length, 1, units);
    }

    /// <summary>Writes letters as Latin-1 up to the first that is none.</summary>
    /// <returns>How many bytes of the text were read.</returns>
    static int Narrow(ReadOnlySpan<byte> text, TextForm form, Span<byte> room, out int written)
    {
        var read = written = 0;
        if (form == TextForm.Utf16)
        {
            var letters = MemoryMarshal.Cast<byte, char>(text);
            var wide = letters.IndexOfAnyExcept(Latin1);
            written = wide < 0 ? letters.Length : wide;
            Encoding.Latin1.GetBytes(letters[..written], room);
            return written * sizeof(char);
        }

        while (read < text.Length)
        {
            var plain = PlainPrefix(text[read..]);
            text.Slice(read, plain).CopyTo(room[written..]);
            read += plain;
            written += plain;
            // U+0080 to U+00FF begin with one of two bytes.
            if (read == text.Length || text[read] is not (0xc2 or 0xc3))
                return read;
            room[written++] = (byte)((text[read] << 6) | (text[read + 1] & 0x3f));
            read += 2;
        }

        return read;
    }

    /// <summary>How many letters of ASCII a text begins with.</summary>
    static int PlainPrefix(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(Plain) is >= 0 and var other ? other : text.Length;

    static int EncodeLatin1(ReadOnlySpan<byte> letters, Span<byte> room)
    {
        var written = 0;
        foreach (var letter in letters)
        {
            if (letter < 0x80)
                room[written++] = letter;
            else
            {
                room[written++] = (byte)(0xc0 | (letter >> 6));
                room[written++] = (byte)(0x80 | (letter & 0x3f));
            }
        }

        return written;
    }

    Span<char> LettersAt(ulong address, int count) => MemoryMarshal.Cast<byte, char>(Memory.Slice(address, count * sizeof(char)));

    /// <summary>Texts were looked at before, and there is room for the worst.</summary>
    static void RequireDone(OperationStatus status)
    {
        if (status != OperationStatus.Done)
            throw new InvalidOperationException($"a string could not be passed on: {status}");
    }
}
