namespace Allotrope.Components;

/// <summary>What a component needs and offers.</summary>
public sealed class ComponentType : TypeDefinition
{
    internal ComponentType(
        OrderedDictionary<string, ComponentExternType> imports,
        OrderedDictionary<string, ComponentExternType> exports,
        IEnumerable<ResourceIdentity> imported,
        IEnumerable<ResourceIdentity> own)
        : base([.. imports.Values.Select(import => import.Definition), .. exports.Values.Select(export => export.Definition)])
    {
        Imports = imports;
        Exports = exports;
        Imported = imported.ToHashSet();
        Own = own.ToHashSet();
    }

    public IReadOnlyDictionary<string, ComponentExternType> Imports { get; }

    public IReadOnlyDictionary<string, ComponentExternType> Exports { get; }

    /// <summary>Resources that whoever makes an instance supplies.</summary>
    internal IReadOnlySet<ResourceIdentity> Imported { get; }

    /// <summary>Resources that come into being with each instance.</summary>
    internal IReadOnlySet<ResourceIdentity> Own { get; }
}
