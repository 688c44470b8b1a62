namespace Allotrope.Components;

/// <summary>
/// The types that have a name for whoever uses the component: what imports and exports are made of must be among them (the explainer's "External
/// Visibility of Types").
/// </summary>
sealed class Visibility(TypeWork work)
{
    readonly HashSet<TypeDefinition> _imported = new(ReferenceEqualityComparer.Instance);
    readonly HashSet<TypeDefinition> _exported = new(ReferenceEqualityComparer.Instance);

    /// <summary>Gives the types of an import or export their names.</summary>
    /// <param name="isExport">Imports may only use what was imported, exports both.</param>
    /// <param name="type">What is imported or exported.</param>
    /// <param name="named">Of a type, what it was before it had this name.</param>
    /// <returns>False when it uses a type without a name.</returns>
    internal bool TryName(bool isExport, ComponentExternType type, TypeDefinition? named)
    {
        var known = isExport ? _exported : _imported;
        switch (type)
        {
            case ComponentExternType.Func function: return IsNamed(function.Type, known);
            case ComponentExternType.Instance instance: return instance.Type.Exports.Values.All(export => TryName(isExport, export, null));
            case ComponentExternType.Bound each:
                if (!HasNamedParts(named ?? each.Is, known))
                    return false;
                _exported.Add(each.Is);
                if (!isExport)
                    _imported.Add(each.Is);
                return true;
            default: return true;
        }
    }

    bool HasNamedParts(TypeDefinition type, HashSet<TypeDefinition> known) => type switch
    {
        HandleType handle => known.Contains(handle.Resource),
        WitType wit => wit.Parts.All(part => IsNamed(part, known)),
        ComponentFunctionType function => IsNamed(function, known),
        InstanceType instance => instance.Exports.Values.All(export => HasNamedParts(export.Definition, known)),
        _ => true,
    };

    bool IsNamed(ComponentFunctionType function, HashSet<TypeDefinition> known) =>
        function.Parameters.All(parameter => IsNamed(parameter.Type, known)) && (function.Result is null || IsNamed(function.Result, known));

    bool IsNamed(WitType type, HashSet<TypeDefinition> known)
    {
        work.Step();
        return type.NeedsName ? known.Contains(type)
            : type is HandleType handle ? known.Contains(handle.Resource)
            : type.Parts.All(part => IsNamed(part, known));
    }
}
