namespace Allotrope.Wasm;

/// <summary>
/// What the results of integer instructions do not exceed, without a sign, where it is less than their type says: an address made of them may be inside a
/// memory's minimum for all they can be, as in a table that is looked into by a masked index.
/// </summary>
static class Bounds
{
    /// <summary>The bound of an instruction's result, whose operands are on the stack; null when it may be anything.</summary>
    internal static ulong? Of(Opcode opcode, OperandStack operands) => opcode switch
    {
        >= Opcode.I32Eqz and <= Opcode.F64Ge => 1,
        Opcode.I32And or Opcode.I64And => Math.Min(operands.Second.Most, operands.Top.Most),
        Opcode.I32Add => Narrow(operands.Second.Most + operands.Top.Most),
        Opcode.I32Mul when operands.Second.Most <= uint.MaxValue && operands.Top.Most <= uint.MaxValue => Narrow(operands.Second.Most * operands.Top.Most),
        Opcode.I32Or or Opcode.I32Xor => AllOnes(operands.Second.Most | operands.Top.Most),
        Opcode.I32WrapI64 => Narrow(operands.Top.Most),
        Opcode.I64ExtendI32U => operands.Top.Most,
        _ => null,
    };

    /// <summary>The same for a shift by a constant.</summary>
    internal static ulong? OfShift(Opcode opcode, in Operand shifted, int count) => opcode switch
    {
        Opcode.I32ShrU or Opcode.I64ShrU => shifted.Most >> count,
        Opcode.I32Shl => Narrow(shifted.Most << count),
        _ => null,
    };

    /// <summary>The bound of a load's result.</summary>
    internal static ulong? OfLoad(Opcode opcode) => opcode switch
    {
        Opcode.I32Load8U or Opcode.I64Load8U => byte.MaxValue,
        Opcode.I32Load16U or Opcode.I64Load16U => ushort.MaxValue,
        Opcode.I64Load32U => uint.MaxValue,
        _ => null,
    };

    /// <summary>Nothing is known of what may wrap around.</summary>
    static ulong? Narrow(ulong most) => most < uint.MaxValue ? most : null;

    static ulong? AllOnes(ulong most) => most == 0 ? 0 : ulong.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(most);
}
