using System.Text;

namespace Allotrope.Components.Tests.Differential;

/// <summary>How the allocator of a guest behaves.</summary>
public enum Room
{
    /// <summary>Gives new room and copies what was there.</summary>
    Moving,

    /// <summary>Leaves what is there where it is.</summary>
    Growing,

    /// <summary>Gives new room with nothing in it.</summary>
    Forgetful,
}

/// <summary>A call of <c>realloc</c>, and what was in the room that it was given (FNV-1a).</summary>
readonly record struct RoomCall(uint Old, uint OldSize, uint Alignment, uint Size, uint Content);

/// <summary>The specification's algorithm for storing strings, letter by letter, over a memory that is an array.</summary>
sealed class StringModel(Room allocator)
{
    public const int FirstAddress = 64;

    uint _top = FirstAddress;

    public byte[] Memory { get; } = new byte[1 << 21];

    public List<RoomCall> Calls { get; } = [];

    /// <param name="text">What it says.</param>
    /// <param name="from">How its component writes strings.</param>
    /// <param name="form">How this one is written.</param>
    /// <param name="to">How the one that gets it writes them.</param>
    public (uint Address, uint Units) Store(string text, StringEncoding from, TextForm form, StringEncoding to)
    {
        var count = (uint)(form == TextForm.Utf8 ? Encoding.UTF8.GetByteCount(text) : text.Length);
        switch (to)
        {
            case StringEncoding.Utf8: return form == TextForm.Utf8 ? Copy(Encoding.UTF8, text, 1, 1) : Utf8(text, count, form == TextForm.Utf16 ? 3u : 2u);
            case StringEncoding.Utf16: return form == TextForm.Utf8 ? Utf16(text, count) : Copy(Encoding.Unicode, text, 2, 2);
            default:
                return from != StringEncoding.Latin1OrUtf16 ? Either(text, count)
                    : form == TextForm.Latin1 ? Copy(Encoding.Latin1, text, 1, 2)
                    : ProbablyUtf16(text);
        }
    }

    (uint, uint) Copy(Encoding encoding, string text, uint unit, uint alignment)
    {
        var bytes = encoding.GetBytes(text);
        var address = Reallocate(0, 0, alignment, (uint)bytes.Length);
        bytes.CopyTo(Memory, address);
        return (address, (uint)bytes.Length / unit);
    }

    (uint, uint) Utf8(string text, uint count, uint most)
    {
        var address = Reallocate(0, 0, 1, count);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80)
            {
                Memory[address + i] = (byte)text[i];
                continue;
            }

            address = Reallocate(address, count, 1, count * most);
            var bytes = Encoding.UTF8.GetBytes(text);
            bytes.AsSpan(i).CopyTo(Memory.AsSpan((int)address + i));
            if (count * most > bytes.Length)
                address = Reallocate(address, count * most, 1, (uint)bytes.Length);
            return (address, (uint)bytes.Length);
        }

        return (address, count);
    }

    (uint, uint) Utf16(string text, uint count)
    {
        var address = Reallocate(0, 0, 2, 2 * count);
        var bytes = Encoding.Unicode.GetBytes(text);
        bytes.CopyTo(Memory, address);
        if (bytes.Length < 2 * count)
            address = Reallocate(address, 2 * count, 2, (uint)bytes.Length);
        return (address, (uint)bytes.Length / 2);
    }

    (uint, uint) Either(string text, uint count)
    {
        var address = Reallocate(0, 0, 2, count);
        var length = 0u;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value < 0x100)
            {
                Memory[address + length++] = (byte)rune.Value;
                continue;
            }

            address = Reallocate(address, count, 2, 2 * count);
            for (var i = (int)length - 1; i >= 0; i--)
            {
                Memory[address + (2 * i)] = Memory[address + i];
                Memory[address + (2 * i) + 1] = 0;
            }

            var bytes = Encoding.Unicode.GetBytes(text);
            bytes.AsSpan((int)length * 2).CopyTo(Memory.AsSpan((int)(address + (2 * length))));
            if (2 * count > bytes.Length)
                address = Reallocate(address, 2 * count, 2, (uint)bytes.Length);
            return (address, ((uint)bytes.Length / 2) | (1u << 31));
        }

        if (length < count)
            address = Reallocate(address, count, 2, length);
        return (address, length);
    }

    (uint, uint) ProbablyUtf16(string text)
    {
        var bytes = Encoding.Unicode.GetBytes(text);
        var address = Reallocate(0, 0, 2, (uint)bytes.Length);
        bytes.CopyTo(Memory, address);
        var length = (uint)bytes.Length / 2;
        if (text.Any(letter => letter >= 0x100))
            return (address, length | (1u << 31));
        for (var i = 0; i < length; i++)
            Memory[address + i] = Memory[address + (2 * i)];
        return (Reallocate(address, (uint)bytes.Length, 1, length), length);
    }

    uint Reallocate(uint old, uint oldSize, uint alignment, uint size)
    {
        var content = 2166136261u;
        for (var i = 0; i < oldSize; i++)
            content = (content ^ Memory[old + i]) * 16777619;
        Calls.Add(new(old, oldSize, alignment, size, content));
        if (allocator == Room.Growing && old != 0)
            return old;
        var made = (_top + alignment - 1) & ~(alignment - 1);
        _top = made + (allocator == Room.Growing ? (4 * size) + 16 : size);
        if (allocator == Room.Moving && old != 0)
            Memory.AsSpan((int)old, (int)Math.Min(oldSize, size)).CopyTo(Memory.AsSpan((int)made));
        return made;
    }
}
