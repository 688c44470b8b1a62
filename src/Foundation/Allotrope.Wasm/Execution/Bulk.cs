using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// The instructions on ranges of memories and tables, as compiled code calls them: operands (addresses and sizes in 64 bits,
/// unsigned), then indices, then the instance.
/// </summary>
static unsafe class Bulk
{
    /// <summary>The instruction's answer when a memory or table cannot grow.</summary>
    const int CannotGrow = -1;

    internal static long MemoryGrow(long pages, int memory, Instance instance)
    {
        var target = instance.Memories[memory];
        var before = target.PageCount;
        return target.TryGrow((ulong)pages) ? before : CannotGrow;
    }

    internal static void MemoryFill(long target, int value, long count, int memory, Instance instance) =>
        NativeMemory.Fill(Inside(instance.Memories[memory], target, count), (nuint)count, (byte)value);

    internal static void MemoryCopy(long target, long source, long count, int targetMemory, int sourceMemory, Instance instance)
    {
        var to = Inside(instance.Memories[targetMemory], target, count);
        Buffer.MemoryCopy(Inside(instance.Memories[sourceMemory], source, count), to, count, count);
    }

    internal static void MemoryInit(long target, int source, int count, int segment, int memory, Instance instance)
    {
        var to = Inside(instance.Memories[memory], target, (uint)count);
        var from = instance.DataSegments[segment].Span;
        if ((uint)source + (ulong)(uint)count > (uint)from.Length)
            throw new Trap(TrapKind.MemoryOutOfBounds);
        from.Slice(source, count).CopyTo(new Span<byte>(to, count));
    }

    internal static void DataDrop(int segment, Instance instance) => instance.DataSegments[segment] = default;

    internal static void TableSet(long index, object? value, int table, Instance instance) => instance.Tables[table][(ulong)index] = value;

    internal static long TableGrow(object? value, long count, int table, Instance instance)
    {
        var target = instance.Tables[table];
        var before = target.Count;
        return target.TryGrow((ulong)count, value) ? before : CannotGrow;
    }

    internal static void TableFill(long target, object? value, long count, int table, Instance instance) =>
        Part(instance.Tables[table].Elements, target, count).Fill(instance.Tables[table].Check(value));

    internal static void TableCopy(long target, long source, long count, int targetTable, int sourceTable, Instance instance)
    {
        var to = Part(instance.Tables[targetTable].Elements, target, count);
        Part(instance.Tables[sourceTable].Elements, source, count).CopyTo(to);
    }

    internal static void TableInit(long target, int source, int count, int segment, int table, Instance instance)
    {
        var to = Part(instance.Tables[table].Elements, target, (uint)count);
        var from = Part(instance.ElementSegments[segment], (uint)source, (uint)count);
        foreach (var value in from)
            instance.Tables[table].Check(value);
        from.CopyTo(to);
    }

    internal static void ElemDrop(int segment, Instance instance) => instance.ElementSegments[segment] = [];

    /// <summary>Address and count are unsigned; nothing is added before it is known to be inside.</summary>
    static byte* Inside(Memory memory, long address, long count)
    {
        var length = memory.ByteLength;
        if ((ulong)count > length || (ulong)address > length - (ulong)count)
            throw new Trap(TrapKind.MemoryOutOfBounds);
        return (byte*)memory.Base + address;
    }

    static Span<object?> Part(object?[] elements, long start, long count)
    {
        var length = (ulong)elements.Length;
        if ((ulong)count > length || (ulong)start > length - (ulong)count)
            throw new Trap(TrapKind.TableOutOfBounds);
        return elements.AsSpan((int)start, (int)count);
    }
}
