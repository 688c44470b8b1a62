namespace Allotrope.Components;

/// <summary>What an instance offers.</summary>
public sealed class InstanceType : TypeDefinition
{
    internal InstanceType(OrderedDictionary<string, ComponentExternType> exports, IEnumerable<ResourceIdentity> own)
        : base(exports.Values.Select(export => export.Definition))
    {
        Exports = exports;
        Own = own.ToHashSet();
    }

    public IReadOnlyDictionary<string, ComponentExternType> Exports { get; }

    /// <summary>Resources that come into being with each instance of the type.</summary>
    internal IReadOnlySet<ResourceIdentity> Own { get; }
}
