namespace Allotrope.Wasm;

/// <summary>A decoded module: what its sections say, with every index space spelt out (imports first).</summary>
sealed class ModuleImage(byte[] bytes)
{
    readonly Dictionary<string, Export> _exportsByName = [];
    readonly HashSet<int> _exportedGlobals = [];

    internal byte[] Bytes { get; } = bytes;

    internal List<DefinedType> Types { get; } = [];

    internal List<Import> Imports { get; } = [];

    internal List<FunctionType> Functions { get; } = [];

    internal List<ExternType.Table> Tables { get; } = [];

    internal List<ExternType.Memory> Memories { get; } = [];

    internal List<ExternType.Global> Globals { get; } = [];

    /// <summary>Types of the tags; their parameters are what exceptions carry.</summary>
    internal List<FunctionType> Tags { get; } = [];

    internal List<Export> Exports { get; } = [];

    internal int ImportedFunctions { get; set; }

    internal int ImportedTables { get; set; }

    internal int ImportedMemories { get; set; }

    internal int ImportedGlobals { get; set; }

    internal int ImportedTags { get; set; }

    /// <summary>What the tables that are not imported hold at first; null where they hold null.</summary>
    internal List<ConstantExpression?> TableInitializers { get; } = [];

    /// <summary>Initial values of the globals that are not imported.</summary>
    internal List<ConstantExpression> GlobalInitializers { get; } = [];

    /// <summary>The function to run at instantiation, and where the module says so.</summary>
    internal (int Index, int ByteOffset)? Start { get; set; }

    internal List<ElementSegment> ElementSegments { get; } = [];

    internal List<DataSegment> DataSegments { get; } = [];

    /// <summary>Where the data section is, its head with it; empty when there is none. No code is made of it.</summary>
    internal (int Start, int End) DataSection { get; set; }

    /// <summary>What the data count section promised; instructions may name data segments only when it is there.</summary>
    internal int? DataCount { get; set; }

    /// <summary>Where the code section's contents begin; what addresses in debug sections count from.</summary>
    internal int CodeStart { get; set; }

    /// <summary>Code of the functions that are not imported.</summary>
    internal List<FunctionBody> Bodies { get; } = [];

    internal List<CustomSection> CustomSections { get; } = [];

    internal Names Names { get; set; } = Names.None;

    /// <summary>Where the code comes from; read when first asked for.</summary>
    DebugLines Lines => field ??= new DebugLines(this);

    /// <summary>Whether the instance keeps the global in its own cells: a number that nobody outside can change, or see changing.</summary>
    internal bool IsCell(int globalIndex) =>
        Globals[globalIndex] is { Type.Kind.IsNumber: true } global
        && (!global.Mutable || (globalIndex >= ImportedGlobals && !_exportedGlobals.Contains(globalIndex)));

    /// <exception cref="InvalidModuleException">There is no such type, or it is none of functions.</exception>
    internal FunctionType FunctionTypeAt(int index, int byteOffset) =>
        (uint)index >= (uint)Types.Count ? throw new InvalidModuleException($"unknown type {index}", byteOffset)
        : Types[index] as FunctionType ?? throw new InvalidModuleException($"type mismatch: type {index} is no function type", byteOffset);

    /// <summary>How traces call a function that is not imported.</summary>
    /// <param name="functionIndex">Which.</param>
    /// <param name="byteOffset">The instruction it is at, where that is known.</param>
    internal WasmFrame FrameOf(int functionIndex, int? byteOffset)
    {
        var name = Names.Functions.GetValueOrDefault(functionIndex)
            ?? Exports.Find(export => export.Type is ExternType.Func && export.Index == functionIndex)?.Name;
        return new WasmFrame(functionIndex, name, Bodies[functionIndex - ImportedFunctions].Start)
        {
            InstructionOffset = byteOffset,
            Source = byteOffset is { } at ? Lines.Find((uint)(at - CodeStart)) : null,
        };
    }

    internal Export? Find(string name) => _exportsByName.GetValueOrDefault(name);

    /// <summary>False when the name is taken.</summary>
    internal bool TryAdd(Export export)
    {
        Exports.Add(export);
        if (export.Type is ExternType.Global)
            _exportedGlobals.Add(export.Index);
        return _exportsByName.TryAdd(export.Name, export);
    }
}
