namespace Allotrope.Wasm;

/// <summary>Instructions on tables and ranges of memories: the methods that compiled code calls.</summary>
static unsafe class InterpretedBulk
{
    internal static void Do(RareStep rare, InterpreterStack stack, Step* step, long* operands, long* result)
    {
        var instance = stack.Instance!;
        var references = stack.References.AsSpan(stack.FirstReference);
        ref readonly var instruction = ref rare.Instruction;
        var (index, second) = (instruction.Index, instruction.Second);
        switch (instruction.Opcode)
        {
            case Opcode.MemorySize: *result = instance.Memories[index].PageCount; break;
            case Opcode.MemoryGrow: *result = Bulk.MemoryGrow(Wide(*operands, instance.Memories[index].Limits.IsWide), index, instance); break;
            case Opcode.DataDrop: Bulk.DataDrop(index, instance); break;
            case Opcode.ElemDrop: Bulk.ElemDrop(index, instance); break;
            case Opcode.TableSize: *result = instance.Tables[index].Count; break;
            case Opcode.TableGet: references[(int)step->A] = instance.Tables[index][(ulong)Wide(*operands, (bool)rare.Data!)]; break;
            case Opcode.TableSet: TableSet(instance.Tables[index], (ulong)Wide(*operands, (bool)rare.Data!), references[step->C]); break;
            case Opcode.TableGrow: *result = Bulk.TableGrow(references[step->C], Wide(*operands, (bool)rare.Data!), index, instance); break;
            default: DoRange(rare, instance, operands, references, step->C); break;
        }

        long Wide(long value, bool isWide) => isWide ? value : (uint)value;
    }

    static void DoRange(RareStep rare, Instance instance, long* operands, Span<object?> references, int reference)
    {
        var wide = ((bool First, bool Second, bool Third))rare.Data!;
        var (index, other) = (rare.Instruction.Index, rare.Instruction.Second);
        var (first, second) = (wide.First ? operands[0] : (uint)operands[0], wide.Second ? operands[1] : (uint)operands[1]);
        var third = wide.Third ? operands[2] : (uint)operands[2];
        switch (rare.Instruction.Opcode)
        {
            case Opcode.MemoryInit: Bulk.MemoryInit(first, (int)second, (int)third, index, other, instance); break;
            case Opcode.MemoryCopy: Bulk.MemoryCopy(first, second, third, index, other, instance); break;
            case Opcode.MemoryFill: Bulk.MemoryFill(first, (int)second, third, index, instance); break;
            case Opcode.TableInit: Bulk.TableInit(first, (int)second, (int)third, index, other, instance); break;
            case Opcode.TableCopy: Bulk.TableCopy(first, second, third, index, other, instance); break;
            default:
                // The value in the middle is a reference, so the count is in the second slot.
                Bulk.TableFill(first, references[reference], wide.Third ? operands[1] : (uint)operands[1], index, instance);
                break;
        }
    }

    static void TableSet(Table table, ulong index, object? value)
    {
        if (table.Element.Kind.Family == ValueKind.FuncRef)
            table[index] = value;
        else if (index < (ulong)table.Elements.Length)
            table.Elements[index] = value;
        else
            throw new Trap(TrapKind.TableOutOfBounds);
    }
}
