using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// The instructions on arrays as compiled code calls them: operands, then indices, then the instance. <c>T</c> is the .NET type of the elements; the
/// code's types say that it is right.
/// </summary>
static class Arrays
{
    /// <summary>Bytes of an array besides its elements: two .NET objects.</summary>
    const int Overhead = 64;

    internal static GuestArray New<T>(T value, int length, int type, Instance instance)
    {
        var items = Allocate<T>(length, instance);
        items.AsSpan().Fill(value);
        return Keep(items, type, instance);
    }

    internal static GuestArray NewDefault<T>(int length, int type, Instance instance) => Keep(Allocate<T>(length, instance), type, instance);

    /// <summary>Numbers from a data segment, where they lie as in memory.</summary>
    internal static GuestArray NewData<T>(int source, int length, int type, int segment, Instance instance)
        where T : unmanaged
    {
        var bytes = DataOf<T>(source, length, segment, instance);
        var items = Allocate<T>(length, instance);
        bytes.CopyTo(MemoryMarshal.AsBytes(items.AsSpan()));
        return Keep(items, type, instance);
    }

    internal static GuestArray NewElements<T>(int source, int length, int type, int segment, Instance instance)
        where T : class
    {
        var from = ElementsOf(source, length, segment, instance);
        var items = Allocate<T>(length, instance);
        CopyReferences(from, items);
        return Keep(items, type, instance);
    }

    internal static void Fill<T>(object? array, int start, T value, int length) => Part<T>(array, start, length).Fill(value);

    internal static void Copy<T>(object? target, int targetStart, object? source, int sourceStart, int length)
    {
        var to = Part<T>(target, targetStart, length);
        Part<T>(source, sourceStart, length).CopyTo(to);
    }

    internal static void InitData<T>(object? array, int start, int source, int length, int segment, Instance instance)
        where T : unmanaged
    {
        var to = Part<T>(array, start, length);
        DataOf<T>(source, length, segment, instance).CopyTo(MemoryMarshal.AsBytes(to));
    }

    internal static void InitElements<T>(object? array, int start, int source, int length, int segment, Instance instance)
        where T : class
    {
        var to = Part<T>(array, start, length);
        CopyReferences(ElementsOf(source, length, segment, instance), to);
    }

    static T[] Allocate<T>(int length, Instance instance)
    {
        Ask(length, Unsafe.SizeOf<T>(), instance);
        return new T[length];
    }

    /// <summary>Lengths are unsigned; what no .NET array can hold is more than any budget.</summary>
    static void Ask(int length, int width, Instance instance)
    {
        if ((uint)length > (uint)Array.MaxLength)
            throw new Trap(TrapKind.HeapExhausted);
        instance.Guard.Heap.Ask(Overhead + ((long)length * width));
    }

    static GuestArray Keep<T>(T[] items, int type, Instance instance)
    {
        var bytes = Overhead + ((long)items.Length * Unsafe.SizeOf<T>());
        var made = new GuestArray(instance.Types[type], items);
        HeapBudget.Count(made, bytes, instance.Guard.Heap);
        return made;
    }

    static Span<T> Part<T>(object? array, int start, int length)
    {
        if (array is not GuestArray made)
            throw new Trap(TrapKind.NullReference);
        var items = Unsafe.As<T[]>(made.Items);
        if ((uint)start + (ulong)(uint)length > (uint)items.Length)
            throw new Trap(TrapKind.ArrayOutOfBounds);
        return items.AsSpan(start, length);
    }

    static ReadOnlySpan<byte> DataOf<T>(int source, int length, int segment, Instance instance)
        where T : unmanaged
    {
        var bytes = instance.DataSegments[segment].Span;
        var size = (ulong)(uint)length * (uint)Unsafe.SizeOf<T>();
        if ((uint)source + size > (uint)bytes.Length)
            throw new Trap(TrapKind.MemoryOutOfBounds);
        return bytes.Slice(source, (int)size);
    }

    static ReadOnlySpan<object?> ElementsOf(int source, int length, int segment, Instance instance)
    {
        var elements = instance.ElementSegments[segment];
        if ((uint)source + (ulong)(uint)length > (uint)elements.Length)
            throw new Trap(TrapKind.TableOutOfBounds);
        return elements.AsSpan(source, length);
    }

    static void CopyReferences<T>(ReadOnlySpan<object?> from, Span<T> to)
        where T : class
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = Unsafe.As<T>(from[i])!;
    }
}
