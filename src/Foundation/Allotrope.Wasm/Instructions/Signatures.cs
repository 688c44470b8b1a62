namespace Allotrope.Wasm;

/// <summary>
/// What the instructions that only compute take and give. Signatures are in the text <c>"operands:result"</c> with i, l, f, d for the four
/// number types and v for vectors.
/// </summary>
static class Signatures
{
    const int Codes = 0xC5;

    static readonly FunctionType?[] ByCode = Fill();
    static readonly FunctionType[] Saturating = [Of("f:i"), Of("f:i"), Of("d:i"), Of("d:i"), Of("f:l"), Of("f:l"), Of("d:l"), Of("d:l")];

    /// <summary>The signature, or null for instructions that need a rule of their own.</summary>
    internal static FunctionType? Of(Opcode opcode) => opcode switch
    {
        < (Opcode)Codes => ByCode[(int)opcode],
        >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U => Saturating[opcode - Opcode.I32TruncSatF32S],
        >= AtomicSignatures.First => AtomicSignatures.Of(opcode),
        >= VectorSignatures.First => VectorSignatures.Of((VectorOpcode)opcode),
        _ => null,
    };

    /// <summary>Bytes a load or store touches, as the exponent of two.</summary>
    internal static int AccessWidth(Opcode opcode) => opcode switch
    {
        Opcode.I32Load8S or Opcode.I32Load8U or Opcode.I64Load8S or Opcode.I64Load8U or Opcode.I32Store8 or Opcode.I64Store8 => 0,
        Opcode.I32Load16S or Opcode.I32Load16U or Opcode.I64Load16S or Opcode.I64Load16U or Opcode.I32Store16 or Opcode.I64Store16 => 1,
        >= AtomicSignatures.First => AtomicSignatures.AccessWidth(opcode),
        >= VectorSignatures.First => VectorSignatures.AccessWidth((VectorOpcode)opcode),
        Opcode.I64Load or Opcode.F64Load or Opcode.I64Store or Opcode.F64Store => 3,
        _ => 2,
    };

    static FunctionType?[] Fill()
    {
        var table = new FunctionType?[Codes];
        Set(table, Opcode.I32Load, "i:i", "i:l", "i:f", "i:d", "i:i", "i:i", "i:i", "i:i", "i:l", "i:l", "i:l", "i:l", "i:l", "i:l");
        Set(table, Opcode.I32Store, "ii:", "il:", "if:", "id:", "ii:", "ii:", "il:", "il:", "il:", ":i", "i:i");
        Set(table, Opcode.I32Const, ":i", ":l", ":f", ":d");
        SetRange(table, Opcode.I32Eqz, Opcode.I32Eqz, "i:i");
        SetRange(table, Opcode.I32Eq, Opcode.I32GeU, "ii:i");
        SetRange(table, Opcode.I64Eqz, Opcode.I64Eqz, "l:i");
        SetRange(table, Opcode.I64Eq, Opcode.I64GeU, "ll:i");
        SetRange(table, Opcode.F32Eq, Opcode.F32Ge, "ff:i");
        SetRange(table, Opcode.F64Eq, Opcode.F64Ge, "dd:i");
        SetRange(table, Opcode.I32Clz, Opcode.I32Popcnt, "i:i");
        SetRange(table, Opcode.I32Add, Opcode.I32Rotr, "ii:i");
        SetRange(table, Opcode.I64Clz, Opcode.I64Popcnt, "l:l");
        SetRange(table, Opcode.I64Add, Opcode.I64Rotr, "ll:l");
        SetRange(table, Opcode.F32Abs, Opcode.F32Sqrt, "f:f");
        SetRange(table, Opcode.F32Add, Opcode.F32Copysign, "ff:f");
        SetRange(table, Opcode.F64Abs, Opcode.F64Sqrt, "d:d");
        SetRange(table, Opcode.F64Add, Opcode.F64Copysign, "dd:d");
        Set(table, Opcode.I32WrapI64, "l:i", "f:i", "f:i", "d:i", "d:i", "i:l", "i:l", "f:l", "f:l", "d:l", "d:l");
        Set(table, Opcode.F32ConvertI32S, "i:f", "i:f", "l:f", "l:f", "d:f", "i:d", "i:d", "l:d", "l:d", "f:d");
        Set(table, Opcode.I32ReinterpretF32, "f:i", "d:l", "i:f", "l:d", "i:i", "i:i", "l:l", "l:l", "l:l");
        return table;
    }

    static void Set(FunctionType?[] table, Opcode first, params ReadOnlySpan<string> signatures)
    {
        for (var i = 0; i < signatures.Length; i++)
            table[(int)first + i] = Of(signatures[i]);
    }

    static void SetRange(FunctionType?[] table, Opcode first, Opcode last, string signature) =>
        table.AsSpan((int)first, last - first + 1).Fill(Of(signature));

    internal static FunctionType Of(string signature)
    {
        var colon = signature.IndexOf(':', StringComparison.Ordinal);
        return FunctionType.Of(Types(signature.AsSpan(0, colon)), Types(signature.AsSpan(colon + 1)));
    }

    static WasmType[] Types(ReadOnlySpan<char> letters)
    {
        var types = new WasmType[letters.Length];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = letters[i] switch
            {
                'i' => ValueKind.I32,
                'l' => ValueKind.I64,
                'f' => ValueKind.F32,
                'v' => ValueKind.V128,
                _ => ValueKind.F64,
            };
        }

        return types;
    }
}
