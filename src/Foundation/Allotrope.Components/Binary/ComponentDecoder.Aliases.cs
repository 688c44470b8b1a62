using Allotrope.Wasm;

namespace Allotrope.Components;

/// <content>Aliases: what an instance exports or an outer scope has, with a place here.</content>
sealed partial class ComponentDecoder
{
    static void ReadAlias(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        var sort = ReadSort(ref section);
        switch (section.Byte())
        {
            case 0x00: AliasExport(sort, section.Index(), section.Name(), scope, at); break;
            case 0x01: AliasCoreExport(sort, section.Index(), section.Name(), scope, at); break;
            case 0x02: AliasOuter(sort, section.Index(), section.Index(), scope, at); break;
            case var code: throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of an alias", at);
        }
    }

    static void AliasExport(Sort sort, int index, string name, Scope scope, int at)
    {
        if (scope.Kind != ScopeKind.Component && sort is not (Sort.Type or Sort.Instance))
            throw new InvalidComponentException("aliases in types may only refer to types or instances", at);
        var instance = scope.Instances[Declared(index, scope.Instances.Count, "instance", at)];
        if (!instance.Exports.TryGetValue(name, out var export))
            throw new InvalidComponentException($"instance {index} has no export named `{name}`", at);
        if (SortOf(export) != sort)
            throw new InvalidComponentException($"export `{name}` for instance {index} is not a {Name(sort)}", at);
        scope.Add(export);
        CheckCount(scope, sort, at);
        scope.Definitions.Add(new Definition.ExportAlias(sort, index, name));
    }

    static void AliasCoreExport(Sort sort, int index, string name, Scope scope, int at)
    {
        if (scope.Kind != ScopeKind.Component)
            throw new InvalidComponentException("aliases in types may only refer to types or instances", at);
        var exports = scope.CoreInstances[Declared(index, scope.CoreInstances.Count, "core instance", at)];
        if (!exports.TryGetValue(name, out var export))
            throw new InvalidComponentException($"core instance {index} has no export named `{name}`", at);
        if (SortOf(export) != sort)
            throw new InvalidComponentException($"export `{name}` for core instance {index} is not a {Name(sort)}", at);
        scope.Add(export);
        scope.Definitions.Add(new Definition.ExportAlias(sort, index, name));
    }

    /// <summary>What crosses a component's boundary must be the same for all its instances: no resource is.</summary>
    static void AliasOuter(Sort sort, int levels, int index, Scope scope, int at)
    {
        var target = Outer(scope, levels, at);
        if (scope.Kind != ScopeKind.Component && sort is not (Sort.Type or Sort.CoreType))
            throw new InvalidComponentException("aliases in types may only refer to types or instances: outer ones to types and core types", at);
        if (sort is not (Sort.CoreModule or Sort.CoreType or Sort.Component or Sort.Type))
            throw new InvalidComponentException($"an outer alias cannot refer to a {Name(sort)}", at);
        Declared(new SortIndex(sort, index), target, at);
        switch (sort)
        {
            case Sort.CoreModule: scope.CoreModules.Add(target.CoreModules[index]); break;
            case Sort.Component: scope.Components.Add(target.Components[index]); break;
            case Sort.CoreType:
                if (target.ModuleTypes.TryGetValue(index, out var module))
                    scope.ModuleTypes.Add(scope.CoreTypes.Types.Count, module);
                scope.CoreTypes.Types.Add(target.CoreTypes.Types[index]);
                break;
            default:
                var type = target.Types[index];
                if (CrossesComponent(scope, levels) && FreeResources.In(type))
                    throw new InvalidComponentException("an outer alias cannot cross a component when the type transitively refers to resources", at);
                scope.Types.Add(type);
                break;
        }

        CheckCount(scope, sort, at);
        scope.Definitions.Add(new Definition.OuterAlias(sort, levels, index));
    }

    static bool CrossesComponent(Scope scope, int levels)
    {
        for (var (target, i) = (scope, 0); i < levels; (target, i) = (target.Outer!, i + 1))
        {
            if (target.Kind == ScopeKind.Component)
                return true;
        }

        return false;
    }

    static void CheckCount(Scope scope, Sort sort, int at)
    {
        if (scope.Count(sort) > MostDefinitions)
            throw new InvalidComponentException($"more than {MostDefinitions} {Name(sort)}s", at);
    }

    static Sort SortOf(ComponentExternType type) => type switch
    {
        ComponentExternType.Module => Sort.CoreModule,
        ComponentExternType.Func => Sort.Function,
        ComponentExternType.Bound => Sort.Type,
        ComponentExternType.Component => Sort.Component,
        _ => Sort.Instance,
    };

    static Sort SortOf(ExternType type) => type switch
    {
        ExternType.Func => Sort.CoreFunction,
        ExternType.Table => Sort.CoreTable,
        ExternType.Memory => Sort.CoreMemory,
        ExternType.Global => Sort.CoreGlobal,
        _ => Sort.CoreTag,
    };
}
