using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Allotrope.Components;

/// <content>Lists: those of scalars are one copy.</content>
sealed partial class Boundary
{
    /// <summary>Checks where a guest says that a list lies, and pays for its items.</summary>
    /// <param name="heapBytes">What each item takes on the host's heap.</param>
    /// <returns>How many there are.</returns>
    internal int CheckList(ulong address, ulong length, ulong size, int alignment, long heapBytes)
    {
        Items(address, length, size, alignment);
        Charge(length, heapBytes);
        return (int)length;
    }

    /// <summary>Asks the guest for room for a list.</summary>
    internal ulong AllocateList(int length, ulong size, int alignment) => Allocate(alignment, (ulong)length * size);

    internal T[] LoadScalars<T>(ulong address, ulong length)
        where T : unmanaged
    {
        var bytes = Items(address, length, (ulong)Unsafe.SizeOf<T>(), Unsafe.SizeOf<T>());
        Charge(length, Unsafe.SizeOf<T>());
        var items = GC.AllocateUninitializedArray<T>((int)length);
        bytes.CopyTo(MemoryMarshal.AsBytes(items.AsSpan()));
        if (typeof(T) == typeof(float))
            Canonicalize(MemoryMarshal.AsBytes(items.AsSpan()), PrimitiveKind.F32);
        else if (typeof(T) == typeof(double))
            Canonicalize(MemoryMarshal.AsBytes(items.AsSpan()), PrimitiveKind.F64);
        return items;
    }

    internal bool[] LoadBools(ulong address, ulong length)
    {
        var bytes = Items(address, length, 1, 1);
        Charge(length, 1);
        var items = new bool[bytes.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = bytes[i] != 0;
        return items;
    }

    internal Rune[] LoadRunes(ulong address, ulong length)
    {
        var letters = MemoryMarshal.Cast<byte, uint>(Items(address, length, 4, 4));
        Charge(length, 4);
        var items = new Rune[letters.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = ToRune(letters[i]);
        return items;
    }

    internal ulong StoreScalars<T>(T[] items)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(items);
        var bytes = MemoryMarshal.AsBytes(items.AsSpan());
        var address = Allocate(Unsafe.SizeOf<T>(), (ulong)bytes.Length);
        bytes.CopyTo(Memory.Slice(address, bytes.Length));
        return address;
    }

    internal ReadOnlyMemory<byte> LoadMemory(ulong address, ulong length) => LoadScalars<byte>(address, length);

    internal ulong StoreMemory(ReadOnlyMemory<byte> items)
    {
        var address = Allocate(1, (ulong)items.Length);
        items.Span.CopyTo(Memory.Slice(address, items.Length));
        return address;
    }

    internal static T[] Exactly<T>(T[] items, int length)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items.Length == length ? items : throw new ArgumentException($"{items.Length} items were given where there are always {length}", nameof(items));
    }

    internal static Rune ToRune(uint letter) =>
        Rune.IsValid(letter) ? new Rune(letter) : throw new ComponentTrap($"invalid `char` bit pattern 0x{letter:x}");

    internal static float ToSingle(float value) => float.IsNaN(value) ? BitConverter.UInt32BitsToSingle(CanonicalNaN32) : value;

    internal static double ToDouble(double value) => double.IsNaN(value) ? BitConverter.UInt64BitsToDouble(CanonicalNaN64) : value;

    const uint CanonicalNaN32 = 0x7FC00000;
    const ulong CanonicalNaN64 = 0x7FF8000000000000;

    /// <summary>There is one that is no number, in lists of numbers that have it.</summary>
    static void Canonicalize(Span<byte> items, PrimitiveKind kind)
    {
        if (kind == PrimitiveKind.F32)
            Canonicalize(MemoryMarshal.Cast<byte, float>(items), float.IsNaN, BitConverter.UInt32BitsToSingle(CanonicalNaN32));
        else if (kind == PrimitiveKind.F64)
            Canonicalize(MemoryMarshal.Cast<byte, double>(items), double.IsNaN, BitConverter.UInt64BitsToDouble(CanonicalNaN64));
    }

    static void Canonicalize<T>(Span<T> items, Func<T, bool> isNaN, T canonical)
    {
        foreach (ref var item in items)
        {
            if (isNaN(item))
                item = canonical;
        }
    }

    Span<byte> Items(ulong address, ulong length, ulong size, int alignment) => length > MostBytes / size
        ? throw new ComponentTrap("list content out-of-bounds: a list is too long")
        : Bytes(address, length * size, alignment, "list content");
}
