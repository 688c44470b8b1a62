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
        Chunks.Fill(items, value, instance.Guard);
        return Keep(items, type, instance);
    }

    internal static GuestArray NewDefault<T>(int length, int type, Instance instance)
    {
        var items = Allocate<T>(length, instance);
        if (IsLeftAsIs<T>(length))
            Chunks.Fill(items, default!, instance.Guard);
        return Keep(items, type, instance);
    }

    /// <summary>For as many elements as there are operands, which have been paid for.</summary>
    internal static GuestArray NewFixed<T>(int length, int type, Instance instance)
    {
        Ask(length, Unsafe.SizeOf<T>(), instance);
        return Keep(new T[length], type, instance);
    }

    /// <summary>Numbers from a data segment, where they lie as in memory.</summary>
    internal static GuestArray NewData<T>(int source, int length, int type, int segment, Instance instance)
        where T : unmanaged
    {
        var bytes = DataOf<T>(source, length, segment, instance);
        var items = Allocate<T>(length, instance);
        Chunks.Copy(bytes, MemoryMarshal.AsBytes(items.AsSpan()), instance.Guard);
        return Keep(items, type, instance);
    }

    internal static GuestArray NewElements<T>(int source, int length, int type, int segment, Instance instance)
        where T : class
    {
        var from = ElementsOf(source, length, segment, instance);
        var items = Allocate<T>(length, instance);
        CopyReferences(from, items, instance.Guard);
        return Keep(items, type, instance);
    }

    internal static void Fill<T>(object? array, int start, T value, int length, Instance instance)
    {
        var to = Part<T>(array, start, length);
        Pay<T>(length, instance);
        Chunks.Fill(to, value, instance.Guard);
    }

    internal static void Copy<T>(object? target, int targetStart, object? source, int sourceStart, int length, Instance instance)
    {
        var to = Part<T>(target, targetStart, length);
        var from = Part<T>(source, sourceStart, length);
        Pay<T>(length, instance);
        Chunks.Copy<T>(from, to, instance.Guard);
    }

    internal static void InitData<T>(object? array, int start, int source, int length, int segment, Instance instance)
        where T : unmanaged
    {
        var to = Part<T>(array, start, length);
        var from = DataOf<T>(source, length, segment, instance);
        Pay<T>(length, instance);
        Chunks.Copy(from, MemoryMarshal.AsBytes(to), instance.Guard);
    }

    internal static void InitElements<T>(object? array, int start, int source, int length, int segment, Instance instance)
        where T : class
    {
        var to = Part<T>(array, start, length);
        var from = ElementsOf(source, length, segment, instance);
        Pay<T>(length, instance);
        CopyReferences(from, to, instance.Guard);
    }

    /// <summary>Large arrays of numbers come as they are: to clear them at once would take long, and most are written anyway.</summary>
    static T[] Allocate<T>(int length, Instance instance)
    {
        Ask(length, Unsafe.SizeOf<T>(), instance);
        Pay<T>(length, instance);
        return IsLeftAsIs<T>(length) ? GC.AllocateUninitializedArray<T>(length) : new T[length];
    }

    static bool IsLeftAsIs<T>(int length) => !RuntimeHelpers.IsReferenceOrContainsReferences<T>() && length > Chunks.Of<T>();

    static void Pay<T>(int length, Instance instance) => Price.Pay((long)length * Unsafe.SizeOf<T>(), instance);

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

    static void CopyReferences<T>(ReadOnlySpan<object?> from, Span<T> to, Guard guard)
        where T : class
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = Unsafe.As<T>(from[i])!;
            if (i % Chunks.Of<T>() == 0)
                guard.Look();
        }
    }
}
