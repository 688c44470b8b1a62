namespace Allotrope.Wasm;

/// <summary>What happens to a segment at instantiation.</summary>
enum SegmentMode
{
    /// <summary>Copied to its place, then dropped.</summary>
    Active,

    /// <summary>Kept for instructions to copy.</summary>
    Passive,

    /// <summary>Dropped: it only declares that the functions it names may be referred to.</summary>
    Declarative,
}

/// <summary>References for a table. <paramref name="Target"/> and <paramref name="Offset"/> matter only when active.</summary>
sealed record ElementSegment(SegmentMode Mode, int Target, ConstantExpression Offset, WasmType Type, ConstantExpression[] Items);

/// <summary>Bytes for a memory. <paramref name="Target"/> and <paramref name="Offset"/> matter only when active.</summary>
sealed record DataSegment(SegmentMode Mode, int Target, ConstantExpression Offset, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// Where it goes in every instance of its module, as far as the module alone says it: null for one that is not active, whose place is not a
    /// constant, that does not fit the least that its memory has, or that is for a memory somebody else makes.
    /// </summary>
    internal ulong? PlaceIn(ModuleImage module)
    {
        if (Mode != SegmentMode.Active || Target < module.ImportedMemories)
            return null;
        ulong? constant = Offset.Single switch
        {
            Opcode.I32Const => (uint)Offset.Operand,
            Opcode.I64Const => (ulong)Offset.Operand,
            _ => null,
        };
        var least = (UInt128)module.Memories[Target].Limits.Minimum * Memory.PageBytes;
        return constant is { } place && (UInt128)place + (ulong)Bytes.Length <= least ? place : null;
    }
}

/// <summary>Where a function's code is: locals at <paramref name="Start"/>, instructions up to <paramref name="End"/>.</summary>
sealed record FunctionBody(int Start, int End);

/// <summary>A section the specification gives no meaning to.</summary>
sealed record CustomSection(string Name, ReadOnlyMemory<byte> Bytes);
