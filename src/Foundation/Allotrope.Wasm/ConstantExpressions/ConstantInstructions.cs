namespace Allotrope.Wasm;

/// <summary>Which instructions a constant expression may have, and what they mean there.</summary>
static class ConstantInstructions
{
    internal static bool Contains(Opcode opcode) => opcode is Opcode.I32Const or Opcode.I64Const or Opcode.F32Const or Opcode.F64Const
        or (Opcode)VectorOpcode.V128Const or Opcode.RefNull or Opcode.RefFunc or Opcode.GlobalGet
        or (>= Opcode.StructNew and <= Opcode.StructNewDefault) or (>= Opcode.ArrayNew and <= Opcode.ArrayNewFixed)
        or Opcode.RefI31 or Opcode.AnyConvertExtern or Opcode.ExternConvertAny
        or Opcode.I32Add or Opcode.I32Sub or Opcode.I32Mul or Opcode.I64Add or Opcode.I64Sub or Opcode.I64Mul;

    /// <summary>The expression of that one instruction, in its short form where it has one.</summary>
    internal static ConstantExpression Alone(in Instruction instruction, int end)
    {
        var at = instruction.ByteOffset;
        return instruction.Opcode switch
        {
            Opcode.RefNull => new(Opcode.RefNull, instruction.Type, 0, at, end),
            Opcode.GlobalGet or Opcode.RefFunc => new(instruction.Opcode, default, instruction.Index, at, end),
            >= Opcode.I32Const and <= Opcode.F64Const =>
                new(instruction.Opcode, Signatures.Of(instruction.Opcode)!.Results[0], instruction.Bits, at, end),
            _ => new(null, default, 0, at, end),
        };
    }

    /// <summary>The result of an integer instruction with two operands.</summary>
    internal static Value Compute(Opcode opcode, Value left, Value right) => opcode switch
    {
        Opcode.I32Add => Value.FromInt32(left.AsInt32() + right.AsInt32()),
        Opcode.I32Sub => Value.FromInt32(left.AsInt32() - right.AsInt32()),
        Opcode.I32Mul => Value.FromInt32(left.AsInt32() * right.AsInt32()),
        Opcode.I64Add => Value.FromInt64(left.AsInt64() + right.AsInt64()),
        Opcode.I64Sub => Value.FromInt64(left.AsInt64() - right.AsInt64()),
        _ => Value.FromInt64(left.AsInt64() * right.AsInt64()),
    };
}
