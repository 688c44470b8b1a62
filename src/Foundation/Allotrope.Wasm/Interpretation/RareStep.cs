namespace Allotrope.Wasm;

/// <summary>A rare instruction and what was found out about it beforehand.</summary>
/// <param name="instruction">The instruction.</param>
sealed class RareStep(in Instruction instruction)
{
    internal readonly Instruction Instruction = instruction;

    internal readonly RareFamily Family = FamilyOf(instruction.Opcode);

    /// <summary>Machine code of a vector instruction, and of what is done with its result.</summary>
    internal nint Method, Second;

    /// <summary>What a vector instruction takes and gives.</summary>
    internal VectorForm Form;

    /// <summary>The lanes in which NaNs become canonical; null where they stay as they are.</summary>
    internal Type? CanonicalLane;

    /// <summary>Where a branch goes, in bytes of steps.</summary>
    internal int Jump;

    /// <summary>How to reach a struct's fields; found out when the first is made or read.</summary>
    internal ShapeAccess? Access;

    /// <summary>How to reach elements; the type that is called or of what is asked for.</summary>
    internal object? Data;

    static RareFamily FamilyOf(Opcode opcode) => opcode switch
    {
        Opcode.Unreachable => RareFamily.Unreachable,
        Opcode.Throw or Opcode.ThrowRef => RareFamily.Throw,
        <= Opcode.ReturnCallRef => RareFamily.Call,
        Opcode.Select or Opcode.SelectTyped => RareFamily.Select,
        Opcode.GlobalGet or Opcode.GlobalSet => RareFamily.Global,
        Opcode.TableGet or Opcode.TableSet or (>= Opcode.MemoryInit and <= Opcode.TableFill) or Opcode.MemorySize or Opcode.MemoryGrow => RareFamily.Bulk,
        <= Opcode.I64Store32 => RareFamily.Access,
        <= Opcode.I64Extend32S or (>= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U) => RareFamily.Number,
        Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail => RareFamily.Branch,
        <= Opcode.BrOnNonNull or (>= Opcode.StructNew and < Opcode.I32TruncSatF32S) => RareFamily.Reference,
        >= StepWriter.MoveReference => RareFamily.Move,
        >= AtomicSignatures.First => RareFamily.Atomic,
        _ => RareFamily.Vector,
    };
}

/// <summary>Who does a rare instruction.</summary>
enum RareFamily
{
    Unreachable,
    Throw,
    Call,
    Select,
    Global,
    Bulk,
    Access,
    Number,
    Branch,
    Reference,
    Move,
    Atomic,
    Vector,
}
