using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>The instructions on ranges of memories and tables, as compiled code calls them: operands, then indices, then the instance.</summary>
static unsafe class Bulk
{
    /// <summary>The instruction's answer when a memory or table cannot grow.</summary>
    const int CannotGrow = -1;

    internal static int MemoryGrow(int pages, Instance instance)
    {
        var memory = instance.Memory!;
        var before = (int)memory.PageCount;
        return memory.TryGrow((uint)pages) ? before : CannotGrow;
    }

    internal static void MemoryFill(int target, int value, int count, Instance instance) =>
        NativeMemory.Fill(Inside(instance, target, count), (uint)count, (byte)value);

    internal static void MemoryCopy(int target, int source, int count, Instance instance)
    {
        var to = Inside(instance, target, count);
        Buffer.MemoryCopy(Inside(instance, source, count), to, (uint)count, (uint)count);
    }

    internal static void MemoryInit(int target, int source, int count, int segment, Instance instance)
    {
        var to = Inside(instance, target, count);
        var from = instance.DataSegments[segment].Span;
        if ((uint)source + (ulong)(uint)count > (uint)from.Length)
            throw new Trap(TrapKind.MemoryOutOfBounds);
        from.Slice(source, count).CopyTo(new Span<byte>(to, count));
    }

    internal static void DataDrop(int segment, Instance instance) => instance.DataSegments[segment] = default;

    internal static void TableSet(int index, object? value, int table, Instance instance) => instance.Tables[table][(uint)index] = value;

    internal static int TableGrow(object? value, int count, int table, Instance instance)
    {
        var target = instance.Tables[table];
        var before = target.Count;
        return target.TryGrow((uint)count, value) ? before : CannotGrow;
    }

    internal static void TableFill(int target, object? value, int count, int table, Instance instance) =>
        Part(instance.Tables[table].Elements, target, count).Fill(instance.Tables[table].Check(value));

    internal static void TableCopy(int target, int source, int count, int targetTable, int sourceTable, Instance instance)
    {
        var to = Part(instance.Tables[targetTable].Elements, target, count);
        Part(instance.Tables[sourceTable].Elements, source, count).CopyTo(to);
    }

    internal static void TableInit(int target, int source, int count, int segment, int table, Instance instance)
    {
        var to = Part(instance.Tables[table].Elements, target, count);
        var from = Part(instance.ElementSegments[segment], source, count);
        foreach (var value in from)
            instance.Tables[table].Check(value);
        from.CopyTo(to);
    }

    internal static void ElemDrop(int segment, Instance instance) => instance.ElementSegments[segment] = [];

    static byte* Inside(Instance instance, int address, int count)
    {
        if ((uint)address + (ulong)(uint)count > instance.Memory!.ByteLength)
            throw new Trap(TrapKind.MemoryOutOfBounds);
        return (byte*)instance.MemoryBase + (uint)address;
    }

    static Span<object?> Part(object?[] elements, int start, int count)
    {
        if ((uint)start + (ulong)(uint)count > (uint)elements.Length)
            throw new Trap(TrapKind.TableOutOfBounds);
        return elements.AsSpan(start, count);
    }
}
