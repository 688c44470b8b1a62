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
        if (instance.Memories[memory].Grow((ulong)pages) is not { } before)
            return CannotGrow;
        Price.Pay(pages * Memory.PageBytes, instance);
        return before;
    }

    internal static void MemoryFill(long target, int value, long count, int memory, Instance instance)
    {
        var to = Inside(instance.Memories[memory], target, count);
        Price.Pay(count, instance);
        Chunks.Fill(to, (byte)value, (ulong)count, instance.Guard);
    }

    internal static void MemoryCopy(long target, long source, long count, int targetMemory, int sourceMemory, Instance instance)
    {
        var to = Inside(instance.Memories[targetMemory], target, count);
        var from = Inside(instance.Memories[sourceMemory], source, count);
        Price.Pay(count, instance);
        Chunks.Copy(from, to, (ulong)count, instance.Guard);
    }

    internal static void MemoryInit(long target, int source, int count, int segment, int memory, Instance instance) =>
        WriteData(target, source, count, segment, memory, instance, isFree: false);

    /// <summary>The same, for nothing when it is the module that is instantiated.</summary>
    internal static void WriteData(long target, int source, int count, int segment, int memory, Instance instance, bool isFree)
    {
        var to = Inside(instance.Memories[memory], target, (uint)count);
        var from = instance.DataSegments[segment].Span;
        if ((uint)source + (ulong)(uint)count > (uint)from.Length)
            throw new Trap(TrapKind.MemoryOutOfBounds);
        if (!isFree)
            Price.Pay(count, instance);
        Chunks.Copy(from.Slice(source, count), new Span<byte>(to, count), instance.Guard);
    }

    internal static void DataDrop(int segment, Instance instance) => instance.DataSegments[segment] = default;

    internal static void TableSet(long index, object? value, int table, Instance instance) => instance.Tables[table][(ulong)index] = value;

    internal static long TableGrow(object? value, long count, int table, Instance instance)
    {
        var target = instance.Tables[table];
        var before = target.Count;
        if (!target.TryGrow((ulong)count, value))
            return CannotGrow;
        Price.PayReferences(target.Count, instance);
        return before;
    }

    internal static void TableFill(long target, object? value, long count, int table, Instance instance)
    {
        var to = Part(instance.Tables[table].Elements, target, count);
        instance.Tables[table].Check(value);
        Price.PayReferences(count, instance);
        Chunks.Fill(to, value, instance.Guard);
    }

    internal static void TableCopy(long target, long source, long count, int targetTable, int sourceTable, Instance instance)
    {
        var to = Part(instance.Tables[targetTable].Elements, target, count);
        var from = Part(instance.Tables[sourceTable].Elements, source, count);
        Price.PayReferences(count, instance);
        Chunks.Copy<object?>(from, to, instance.Guard);
    }

    internal static void TableInit(long target, int source, int count, int segment, int table, Instance instance) =>
        WriteElements(target, source, count, segment, table, instance, isFree: false);

    internal static void WriteElements(long target, int source, int count, int segment, int table, Instance instance, bool isFree)
    {
        var to = Part(instance.Tables[table].Elements, target, (uint)count);
        var from = Part(instance.ElementSegments[segment], (uint)source, (uint)count);
        if (!isFree)
            Price.PayReferences(count, instance);
        foreach (var value in from)
            instance.Tables[table].Check(value);
        Chunks.Copy<object?>(from, to, instance.Guard);
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
