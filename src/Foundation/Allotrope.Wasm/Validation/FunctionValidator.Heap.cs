namespace Allotrope.Wasm;

/// <content>Structs, arrays, small integers and casts.</content>
sealed partial class FunctionValidator
{
    /// <summary>Elements that one instruction may name: what other engines allow.</summary>
    const int MostFixed = 10_000;

    void CheckHeap(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case <= Opcode.StructSet: CheckStruct(instruction, HeapTypes.Struct(image, instruction.Index, at)); break;
            case Opcode.ArrayLen:
                _operands.Pop(ValueKind.ArrayRef, at);
                _operands.Push(ValueKind.I32);
                break;
            case <= Opcode.ArrayNewElem: CheckNewArray(instruction, HeapTypes.Array(image, instruction.Index, at)); break;
            case <= Opcode.ArrayInitElem: CheckArray(instruction, HeapTypes.Array(image, instruction.Index, at)); break;
            case <= Opcode.BrOnCastFail: CheckCast(instruction); break;
            case Opcode.AnyConvertExtern: Convert(ValueKind.ExternRef, ValueKind.AnyRef, at); break;
            case Opcode.ExternConvertAny: Convert(ValueKind.AnyRef, ValueKind.ExternRef, at); break;
            case Opcode.RefI31:
                _facts.MakesObjects = true;
                _operands.Pop(ValueKind.I32, at);
                _operands.Push(WasmType.Reference(ValueKind.I31Ref, nullable: false));
                break;
            case Opcode.I31GetS or Opcode.I31GetU:
                _operands.Pop(ValueKind.I31Ref, at);
                _operands.Push(ValueKind.I32);
                break;
            default: throw new InvalidModuleException($"illegal opcode 0x{(int)instruction.Opcode:x2}", at);
        }
    }

    /// <summary>From one hierarchy to another; null stays null, and what is not null stays that.</summary>
    void Convert(ValueKind from, ValueKind to, int at)
    {
        var type = _operands.Pop(from, at);
        _operands.Push(WasmType.Reference(to, type is not { IsNullable: false }));
    }

    void CheckStruct(in Instruction instruction, StructType type)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.StructNew or Opcode.StructNewDefault:
                _facts.MakesObjects = true;
                HeapTypes.CheckNew(instruction, type, _operands);
                return;
            case Opcode.StructSet:
                var written = HeapTypes.Field(type, instruction.Second, at);
                NeedMutable(written, at);
                _operands.Pop(written.Type, at);
                _operands.Pop(WasmType.Reference(type), at);
                return;
            default:
                var read = HeapTypes.Field(type, instruction.Second, at);
                NeedPacking(instruction, read, Opcode.StructGet);
                _operands.Pop(WasmType.Reference(type), at);
                _operands.Push(read.Type);
                return;
        }
    }

    static void NeedMutable(in FieldType field, int at)
    {
        if (!field.IsMutable)
            throw new InvalidModuleException("field or array is immutable", at);
    }

    /// <summary>Packed fields are read with their sign or without it, others as they are.</summary>
    static void NeedPacking(in Instruction instruction, in FieldType field, Opcode plain)
    {
        if ((instruction.Opcode == plain) != (field.Packing == Packing.None))
        {
            var packed = field.Packing == Packing.None ? "not packed" : "packed";
            throw new InvalidModuleException($"type mismatch: a field of {field} is {packed}", instruction.ByteOffset);
        }
    }

    void CheckNewArray(in Instruction instruction, ArrayType type)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.ArrayNew or Opcode.ArrayNewDefault or Opcode.ArrayNewFixed:
                if (instruction.Opcode == Opcode.ArrayNewFixed && (uint)instruction.Second > MostFixed)
                    throw new InvalidModuleException($"array.new_fixed of more than {MostFixed} elements", at);
                HeapTypes.CheckNew(instruction, type, _operands);
                break;
            case Opcode.ArrayNewData:
                NeedData(instruction, type);
                _operands.Pop(TwoI32, at);
                _operands.Push(WasmType.Reference(type, nullable: false));
                break;
            default:
                Fits(type.Element.Type, Segment(instruction.Second, at), at);
                _operands.Pop(TwoI32, at);
                _operands.Push(WasmType.Reference(type, nullable: false));
                break;
        }

        _facts.MakesObjects = true;
    }

    static readonly WasmType[] TwoI32 = [ValueKind.I32, ValueKind.I32];

    /// <summary>Only numbers come from data.</summary>
    void NeedData(in Instruction instruction, ArrayType type)
    {
        if (type.Element.Type.IsReference)
            throw new InvalidModuleException("type mismatch: array type is not numeric or vector", instruction.ByteOffset);
        Data(instruction.Second, instruction.ByteOffset);
    }

    void CheckArray(in Instruction instruction, ArrayType type)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.ArrayGet or Opcode.ArrayGetS or Opcode.ArrayGetU:
                NeedPacking(instruction, type.Element, Opcode.ArrayGet);
                _operands.Pop(ValueKind.I32, at);
                _operands.Pop(WasmType.Reference(type), at);
                _operands.Push(type.Element.Type);
                return;
            case Opcode.ArraySet: _operands.Pop(type.Element.Type, at); break;
            case Opcode.ArrayFill:
                _operands.Pop(ValueKind.I32, at);
                _operands.Pop(type.Element.Type, at);
                break;
            case Opcode.ArrayCopy:
                var source = HeapTypes.Array(image, instruction.Second, at);
                if (source.Element.Packing != type.Element.Packing || !source.Element.Type.Matches(type.Element.Type))
                    throw new InvalidModuleException("type mismatch: array types do not match", at);
                _operands.Pop(TwoI32, at);
                _operands.Pop(WasmType.Reference(source), at);
                break;
            case Opcode.ArrayInitData:
                NeedData(instruction, type);
                _operands.Pop(TwoI32, at);
                break;
            default:
                Fits(type.Element.Type, Segment(instruction.Second, at), at);
                _operands.Pop(TwoI32, at);
                break;
        }

        NeedMutable(type.Element, at);
        _operands.Pop(ValueKind.I32, at);
        _operands.Pop(WasmType.Reference(type), at);
    }

    void CheckCast(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.RefTest or Opcode.RefTestNull:
                _operands.Pop(WasmType.Reference(instruction.Type.Kind.Family), at);
                _operands.Push(ValueKind.I32);
                break;
            case Opcode.RefCast or Opcode.RefCastNull:
                _operands.Pop(WasmType.Reference(instruction.Type.Kind.Family), at);
                _operands.Push(instruction.Type);
                break;
            default: CheckBranchOnCast(instruction); break;
        }
    }

    /// <summary>One of the two ways takes what is of the type, the other the rest: null is not in it where the type has null.</summary>
    void CheckBranchOnCast(in Instruction instruction)
    {
        var (at, source, type) = (instruction.ByteOffset, instruction.Source, instruction.Type);
        if (!type.Matches(source))
            throw new InvalidModuleException($"type mismatch: {source} is never {type}", at);
        var rest = type.IsNullable ? source.WithNull(false) : source;
        var (taken, stays) = instruction.Opcode == Opcode.BrOnCast ? (type, rest) : (rest, type);
        var label = Label(instruction.Index, at).Branch;
        if (label is not [.. var others, var last] || !taken.Matches(last))
            throw new InvalidModuleException($"type mismatch: the label takes no {taken} as its last operand", at);
        _operands.Pop(source, at);
        _operands.Pop(others, at);
        _operands.Push(others);
        _operands.Push(stays);
    }
}
