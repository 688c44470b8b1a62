namespace Allotrope.Wasm;

/// <summary>
/// The atomic instructions, those behind the prefix 0xFE. But for the first four they are nine operations with seven accesses each, always in the
/// same order.
/// </summary>
static class AtomicSignatures
{
    internal const Opcode First = (Opcode)0xFE0000;
    internal const Opcode Notify = First;
    internal const Opcode Wait32 = First + 1;
    internal const Opcode Wait64 = First + 2;
    internal const Opcode Fence = First + 3;
    internal const Opcode Last = First + 0x4E;

    const Opcode FirstOperation = First + 0x10;

    /// <summary>i32, i64, i32 of 8 and 16 bits, i64 of 8, 16 and 32 bits.</summary>
    static readonly (char Kind, int Width, Type Cell)[] Accesses =
    [
        ('i', 2, typeof(int)), ('l', 3, typeof(long)), ('i', 0, typeof(byte)), ('i', 1, typeof(ushort)),
        ('l', 0, typeof(byte)), ('l', 1, typeof(ushort)), ('l', 2, typeof(uint)),
    ];

    /// <summary>Methods of <see cref="AtomicCell"/> in the order of the operations.</summary>
    static readonly string[] Operations =
    [
        nameof(AtomicCell.Load), nameof(AtomicCell.Store), nameof(AtomicCell.Add), nameof(AtomicCell.Subtract), nameof(AtomicCell.And),
        nameof(AtomicCell.Or), nameof(AtomicCell.Xor), nameof(AtomicCell.Exchange), nameof(AtomicCell.CompareExchange),
    ];

    static readonly FunctionType?[] ByCode =
        [.. Enumerable.Range(0, Last - First + 1).Select(code => TextOf(First + code) is { } text ? Signatures.Of(text) : null)];

    /// <summary>The signature, or null when there is no such instruction.</summary>
    internal static FunctionType? Of(Opcode opcode) => opcode <= Last ? ByCode[opcode - First] : null;

    /// <summary>Bytes an instruction touches, as the exponent of two.</summary>
    internal static int AccessWidth(Opcode opcode) => opcode switch
    {
        Wait64 => 3,
        < FirstOperation => 2,
        _ => Access(opcode).Width,
    };

    /// <summary>What is in the memory there.</summary>
    internal static Type CellOf(Opcode opcode) => Access(opcode).Cell;

    internal static string MethodOf(Opcode opcode) => Operations[(opcode - FirstOperation) / Accesses.Length];

    static (char Kind, int Width, Type Cell) Access(Opcode opcode) => Accesses[(opcode - FirstOperation) % Accesses.Length];

    static string? TextOf(Opcode opcode)
    {
        switch (opcode)
        {
            case Notify: return "ii:i";
            case Wait32: return "iil:i";
            case Wait64: return "ill:i";
            case Fence: return ":";
            case < FirstOperation: return null;
        }

        var kind = Access(opcode).Kind;
        return MethodOf(opcode) switch
        {
            nameof(AtomicCell.Load) => $"i:{kind}",
            nameof(AtomicCell.Store) => $"i{kind}:",
            nameof(AtomicCell.CompareExchange) => $"i{kind}{kind}:{kind}",
            _ => $"i{kind}:{kind}",
        };
    }
}
