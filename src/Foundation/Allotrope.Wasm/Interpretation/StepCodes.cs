namespace Allotrope.Wasm;

/// <summary>Codes of the steps that are no instructions of their own. They follow the plain ones without a gap, so that one jump table does for all.</summary>
static class StepCodes
{
    internal const Opcode First = (Opcode)0xC5;

    /// <summary>One slot from B to A.</summary>
    internal const Opcode Move = First;
    internal const Opcode MoveVector = First + 1;

    /// <summary>C slots from B on to A on, downwards.</summary>
    internal const Opcode MoveMany = First + 2;
    internal const Opcode Constant = First + 3;
    internal const Opcode LoopHead = First + 4;
    internal const Opcode Jump = First + 5;
    internal const Opcode JumpIf = First + 6;
    internal const Opcode JumpUnless = First + 7;

    /// <summary>Goes to one of A jumps that follow, by the index in B.</summary>
    internal const Opcode JumpTable = First + 8;
    internal const Opcode ReturnAll = First + 9;

    /// <summary>Returns the slot B.</summary>
    internal const Opcode ReturnOne = First + 10;

    /// <summary>Calls the own function B, whose arguments are from slot A and reference C on.</summary>
    internal const Opcode CallOwn = First + 11;
    internal const Opcode CellGet = First + 12;
    internal const Opcode CellSet = First + 13;

    /// <summary>B or C, by the condition in the slot that the constant says.</summary>
    internal const Opcode Choose = First + 14;

    /// <summary>Pays A units of fuel.</summary>
    internal const Opcode Pay = First + 15;

    /// <summary>Asks whether the fuel was enough.</summary>
    internal const Opcode Ask = First + 16;

    /// <summary>Takes what the function costs from the stack of deterministic guests.</summary>
    internal const Opcode TakeStack = First + 17;

    /// <summary>Integer arithmetic with a constant: add, mul, and, or, xor, shl, shr_s, shr_u, rotl; of 32 and of 64 bits.</summary>
    internal const Opcode With32 = First + 18;
    internal const Opcode With64 = With32 + 9;

    /// <summary>Comparisons with a constant, in the order of the instructions.</summary>
    internal const Opcode CompareWith32 = With64 + 9;
    internal const Opcode CompareWith64 = CompareWith32 + Comparisons;

    /// <summary>Jumps when A compares so with B, or with a constant.</summary>
    internal const Opcode JumpOn32 = CompareWith64 + Comparisons;
    internal const Opcode JumpOn64 = JumpOn32 + Comparisons;
    internal const Opcode JumpOnWith32 = JumpOn64 + Comparisons;
    internal const Opcode JumpOnWith64 = JumpOnWith32 + Comparisons;

    /// <summary>Where a function begins that may be compiled later: counts its calls.</summary>
    internal const Opcode CountCall = JumpOnWith64 + Comparisons;

    /// <summary>Where a loop of such a function begins.</summary>
    internal const Opcode CountLoop = CountCall + 1;

    /// <summary>All of a function that was compiled: its arguments are at the frame's beginning.</summary>
    internal const Opcode CallCompiled = CountLoop + 1;

    /// <summary>Everything else: operands are where the stack has them, numbers from slot B on and references from C on.</summary>
    internal const Opcode Rare = CallCompiled + 1;

    /// <summary>eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u</summary>
    internal const int Comparisons = 10;

    static readonly int[] Opposites = [1, 0, 8, 9, 6, 7, 4, 5, 2, 3];
    static readonly int[] Mirrored = [0, 1, 4, 5, 2, 3, 8, 9, 6, 7];

    static readonly Opcode[] Immediate32 =
        [Opcode.I32Add, Opcode.I32Mul, Opcode.I32And, Opcode.I32Or, Opcode.I32Xor, Opcode.I32Shl, Opcode.I32ShrS, Opcode.I32ShrU, Opcode.I32Rotl];

    /// <summary>The comparison that holds when this one does not.</summary>
    internal static int Opposite(int comparison) => Opposites[comparison];

    /// <summary>The comparison with its operands exchanged.</summary>
    internal static Opcode Mirror(Opcode comparison)
    {
        var first = comparison < Opcode.I64Eqz ? Opcode.I32Eq : Opcode.I64Eq;
        return first + Mirrored[comparison - first];
    }

    internal static bool IsComparison(Opcode opcode) =>
        opcode is (>= Opcode.I32Eq and <= Opcode.I32GeU) or (>= Opcode.I64Eq and <= Opcode.I64GeU);

    /// <summary>The step for an instruction whose second operand is a constant; null when there is none.</summary>
    internal static Opcode? WithConstant(Opcode opcode)
    {
        if (opcode is >= Opcode.I32Eq and <= Opcode.I32GeU)
            return CompareWith32 + (opcode - Opcode.I32Eq);
        if (opcode is >= Opcode.I64Eq and <= Opcode.I64GeU)
            return CompareWith64 + (opcode - Opcode.I64Eq);
        var wide = opcode >= Opcode.I64Clz;
        var place = Array.IndexOf(Immediate32, wide ? opcode - (Opcode.I64Clz - Opcode.I32Clz) : opcode);
        return place < 0 ? null : (wide ? With64 : With32) + place;
    }
}
