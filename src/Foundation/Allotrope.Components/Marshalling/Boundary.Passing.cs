using System.Runtime.InteropServices;
using Utf8Text = System.Text.Unicode.Utf8;

namespace Allotrope.Components;

/// <content>Strings and lists of scalars from another component: looked at where they lie and copied to where they go.</content>
sealed partial class Boundary
{
    /// <summary>The other side of calls between two components.</summary>
    internal Boundary? Peer { get; set; }

    /// <summary>Checks a string; it stays where it is.</summary>
    internal Passed LoadPassedString(ulong address, ulong taggedUnits)
    {
        var text = TextAt(address, taggedUnits, out var form);
        if (form == TextForm.Utf16 && !IsWellFormed(MemoryMarshal.Cast<byte, char>(text)))
            throw new ComponentTrap("invalid utf-16");
        if (form == TextForm.Utf8 && !Utf8Text.IsValid(text))
            throw new ComponentTrap("invalid utf-8");
        return new(address, form == TextForm.Utf16 ? text.Length / sizeof(char) : text.Length, form);
    }

    /// <summary>Checks a list; it stays where it is.</summary>
    internal Passed LoadPassedList(ulong address, ulong length, PrimitiveKind kind)
    {
        var size = (int)PrimitiveType.Of(kind).LayoutIn(wide: false).Size;
        var items = Items(address, length, (ulong)size, size);
        Charge(length, size);
        if (kind == PrimitiveKind.Char)
        {
            foreach (var letter in MemoryMarshal.Cast<byte, uint>(items))
                ToRune(letter);
        }

        return new(address, (int)length, default);
    }

    internal ulong StorePassedList(Passed list, PrimitiveKind kind)
    {
        var size = (int)PrimitiveType.Of(kind).LayoutIn(wide: false).Size;
        var length = list.Units * size;
        var address = Allocate(size, (ulong)length);
        var items = Memory.Slice(address, length);
        Peer!.Memory.Slice(list.Address, length).CopyTo(items);
        if (kind == PrimitiveKind.Bool)
        {
            foreach (ref var item in items)
                item = Math.Min(item, (byte)1);
        }
        else
            Canonicalize(items, kind);
        return address;
    }

    internal ulong StorePassedString(Passed text, out ulong units)
    {
        var source = Peer!.Memory.Slice(text.Address, text.Form == TextForm.Utf16 ? text.Units * sizeof(char) : text.Units);
        return (options.Encoding, text.Form) switch
        {
            (StringEncoding.Utf8, TextForm.Utf8) => StoreCopy(source, 1, out units),
            (StringEncoding.Utf8, _) => StoreUtf8(source, text.Form, out units),
            (StringEncoding.Utf16, TextForm.Utf8) => StoreUtf16(source, out units),
            (StringEncoding.Utf16, TextForm.Utf16) => StoreCopy(source, sizeof(char), out units),
            (StringEncoding.Utf16, _) => StoreWidened(source, out units),
            _ when !Peer.WritesEither => StoreEither(source, text.Form, out units),
            (_, TextForm.Latin1) => StoreLatin1(source, out units),
            _ => StoreProbablyUtf16(source, out units),
        };
    }

    bool WritesEither => options.Encoding == StringEncoding.Latin1OrUtf16;
}
