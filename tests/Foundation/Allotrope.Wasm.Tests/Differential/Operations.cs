namespace Allotrope.Wasm.Tests.Differential;

/// <summary>The instructions that only compute, by what they give; and what their results leave open.</summary>
static class Operations
{
    static readonly Dictionary<ValueKind, Opcode[]> ByResult = All().Where(op => Signatures.Of(op)!.Results.Length == 1)
        .GroupBy(op => Signatures.Of(op)!.Results[0].Kind).ToDictionary(group => group.Key, group => group.ToArray());

    /// <summary>Vector instructions whose NaNs may have any payload.</summary>
    static readonly HashSet<VectorOpcode> OpenVectors =
    [
        VectorOpcode.F32x4Ceil, VectorOpcode.F32x4Floor, VectorOpcode.F32x4Trunc, VectorOpcode.F32x4Nearest, VectorOpcode.F32x4Sqrt,
        VectorOpcode.F32x4Add, VectorOpcode.F32x4Sub, VectorOpcode.F32x4Mul, VectorOpcode.F32x4Div, VectorOpcode.F32x4Min, VectorOpcode.F32x4Max,
        VectorOpcode.F64x2Ceil, VectorOpcode.F64x2Floor, VectorOpcode.F64x2Trunc, VectorOpcode.F64x2Nearest, VectorOpcode.F64x2Sqrt,
        VectorOpcode.F64x2Add, VectorOpcode.F64x2Sub, VectorOpcode.F64x2Mul, VectorOpcode.F64x2Div, VectorOpcode.F64x2Min, VectorOpcode.F64x2Max,
        VectorOpcode.F32x4DemoteF64x2Zero, VectorOpcode.F64x2PromoteLowF32x4,
    ];

    static readonly Opcode[] Loads = [.. Range(Opcode.I32Load, Opcode.I64Load32U), .. VectorAccesses("i:v")];

    static readonly Opcode[] Stores = [.. Range(Opcode.I32Store, Opcode.I64Store32), .. VectorAccesses("iv:")];

    static readonly Opcode[] Atomics = [.. Range(AtomicSignatures.First + 0x10, AtomicSignatures.Last)];

    public static Opcode Compute(ValueKind result, Chance chance) => chance.Of(ByResult[result]);

    public static Opcode Load(ValueKind result, Chance chance) => chance.Of([.. Loads.Where(op => Signatures.Of(op)!.Results[0].Kind == result)]);

    public static Opcode Store(Chance chance) => chance.Of(Stores);

    /// <summary>An atomic instruction that gives the type, or none that gives nothing.</summary>
    public static Opcode Atomic(ValueKind? result, Chance chance) =>
        chance.Of([.. Atomics.Where(op => result is { } kind ? Signatures.Of(op)!.Results is [var only] && only.Kind == kind : Signatures.Of(op)!.Results.IsEmpty)]);

    public static bool LeavesNanOpen(Opcode op) => OpenVectors.Contains((VectorOpcode)op);

    /// <summary>Whether the instruction shows its operand's bits, so that it must not get a NaN of unknown payload.</summary>
    public static bool Observes(Opcode op, int operand) => op switch
    {
        Opcode.I32ReinterpretF32 or Opcode.I64ReinterpretF64 => true,
        Opcode.F32Copysign or Opcode.F64Copysign or (Opcode)VectorOpcode.F32x4ReplaceLane or (Opcode)VectorOpcode.F64x2ReplaceLane => operand == 1,
        _ => (VectorOpcode)op is VectorOpcode.F32x4Splat or VectorOpcode.F64x2Splat,
    };

    /// <summary>Whether the instruction works on whole floats in lanes, so that the payload of NaNs does not matter to it.</summary>
    public static bool TakesOpenNan(Opcode op) =>
        OpenVectors.Contains((VectorOpcode)op)
        || (VectorOpcode)op is (>= VectorOpcode.F32x4Eq and <= VectorOpcode.F64x2Ge) or VectorOpcode.F32x4ExtractLane or VectorOpcode.F64x2ExtractLane
            or VectorOpcode.I32x4TruncSatF32x4S or VectorOpcode.I32x4TruncSatF32x4U or VectorOpcode.I32x4TruncSatF64x2SZero or VectorOpcode.I32x4TruncSatF64x2UZero;

    /// <summary>Whether the instruction reads lanes of 64 bits as floats.</summary>
    public static bool TakesDoubles(Opcode op) =>
        (VectorOpcode)op is VectorOpcode.F32x4DemoteF64x2Zero or VectorOpcode.I32x4TruncSatF64x2SZero or VectorOpcode.I32x4TruncSatF64x2UZero
        || ((VectorOpcode)op != VectorOpcode.F64x2PromoteLowF32x4 && GivesDoubles(op));

    /// <summary>Whether what is open in the result are lanes of 64 bits.</summary>
    public static bool GivesDoubles(Opcode op) => ((VectorOpcode)op).ToString().StartsWith("F64x2", StringComparison.Ordinal);

    public static bool Divides(Opcode op) =>
        op is (>= Opcode.I32DivS and <= Opcode.I32RemU) or (>= Opcode.I64DivS and <= Opcode.I64RemU);

    public static bool MayFailToConvert(Opcode op) =>
        op is (>= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U) or (>= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U);

    static IEnumerable<Opcode> All() =>
    [
        .. Range(Opcode.I32Eqz, Opcode.I64Extend32S), .. Range(Opcode.I32TruncSatF32S, Opcode.I64TruncSatF64U),
        .. Range((Opcode)VectorOpcode.I8x16Shuffle, (Opcode)VectorOpcode.F64x2ConvertLowI32x4U).Where(op => !VectorSignatures.IsAccess((VectorOpcode)op)),
    ];

    static IEnumerable<Opcode> VectorAccesses(string signature) =>
        Range(VectorSignatures.First, (Opcode)VectorOpcode.V128Load64Zero)
            .Where(op => VectorSignatures.IsAccess((VectorOpcode)op) && Signatures.Of(op) == Signatures.Of(signature));

    static IEnumerable<Opcode> Range(Opcode first, Opcode last) =>
        Enumerable.Range((int)first, last - first + 1).Select(code => (Opcode)code).Where(op => Signatures.Of(op) is not null);
}
