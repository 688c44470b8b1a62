using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What a core module needs and offers.</summary>
public sealed class ModuleType(IReadOnlyDictionary<(string Module, string Name), ExternType> imports, IReadOnlyDictionary<string, ExternType> exports)
    : TypeDefinition([])
{
    public IReadOnlyDictionary<(string Module, string Name), ExternType> Imports { get; } = imports;

    public IReadOnlyDictionary<string, ExternType> Exports { get; } = exports;
}
