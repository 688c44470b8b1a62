namespace Allotrope.Wasm;

/// <summary>The types that instructions on the heap name, and the rules for making objects: in code and in constant expressions.</summary>
static class HeapTypes
{
    internal static StructType Struct(ModuleImage image, int index, int at) =>
        At(image, index, at) as StructType ?? throw new InvalidModuleException($"type mismatch: type {index} is no struct type", at);

    internal static ArrayType Array(ModuleImage image, int index, int at) =>
        At(image, index, at) as ArrayType ?? throw new InvalidModuleException($"type mismatch: type {index} is no array type", at);

    internal static FieldType Field(StructType type, int index, int at) => (uint)index < (uint)type.Fields.Length
        ? type.Fields[index]
        : throw new InvalidModuleException($"unknown field {index}", at);

    internal static void CheckNew(in Instruction instruction, StructType type, OperandTypes operands)
    {
        var at = instruction.ByteOffset;
        for (var i = type.Fields.Length - 1; i >= 0; i--)
        {
            if (instruction.Opcode == Opcode.StructNew)
                operands.Pop(type.Fields[i].Type, at);
            else
                NeedDefault(type.Fields[i], at);
        }

        operands.Push(WasmType.Reference(type, nullable: false));
    }

    /// <summary>Of one value or the default, as many as an operand says; or of the operands.</summary>
    internal static void CheckNew(in Instruction instruction, ArrayType type, OperandTypes operands)
    {
        var at = instruction.ByteOffset;
        if (instruction.Opcode != Opcode.ArrayNewFixed)
            operands.Pop(ValueKind.I32, at);
        if (instruction.Opcode == Opcode.ArrayNewDefault)
            NeedDefault(type.Element, at);
        var values = instruction.Opcode switch
        {
            Opcode.ArrayNew => 1,
            Opcode.ArrayNewFixed => instruction.Second,
            _ => 0,
        };
        for (; values > 0; values--)
            operands.Pop(type.Element.Type, at);
        operands.Push(WasmType.Reference(type, nullable: false));
    }

    static void NeedDefault(in FieldType field, int at)
    {
        if (!field.Type.HasDefault)
            throw new InvalidModuleException($"field type is not defaultable: {field}", at);
    }

    static DefinedType At(ModuleImage image, int index, int at) => (uint)index < (uint)image.Types.Count
        ? image.Types[index]
        : throw new InvalidModuleException($"unknown type {index}", at);
}
