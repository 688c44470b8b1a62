namespace Allotrope.Wasm;

/// <summary>One instruction with its immediates.</summary>
struct Instruction
{
    internal Opcode Opcode;

    /// <summary>Where it begins in the module.</summary>
    internal int ByteOffset;

    /// <summary>First index: memory, label, function, type, local, global, table, segment.</summary>
    internal int Index;

    /// <summary>Second index: the table of <c>call_indirect</c> and <c>table.init</c>, the source of <c>table.copy</c>.</summary>
    internal int Second;

    /// <summary>Number of a vector's lane.</summary>
    internal int Lane;

    /// <summary>Bits of a constant, of a vector the lower half; lanes of a shuffle; the offset of a memory access.</summary>
    internal long Bits;

    /// <summary>The upper half of a vector constant or of a shuffle's lanes.</summary>
    internal long High;

    /// <summary>Exponent of a memory access's alignment.</summary>
    internal uint Alignment;

    /// <summary>What a block takes and gives.</summary>
    internal FunctionType? BlockType;

    /// <summary>Labels of <c>br_table</c>, the default last.</summary>
    internal int[] Targets;

    /// <summary>What <c>try_table</c> catches.</summary>
    internal CatchClause[] Catches;

    /// <summary>The type that <c>br_on_cast</c> is given.</summary>
    internal WasmType Source;

    /// <summary>The type that <c>ref.null</c>, <c>select t</c> and casts name.</summary>
    internal WasmType Type;

    /// <summary>The opcode as one of a vector instruction.</summary>
    internal readonly VectorOpcode Vector => (VectorOpcode)Opcode;
}
