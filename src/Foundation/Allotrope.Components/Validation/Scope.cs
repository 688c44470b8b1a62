using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>The index spaces of a component or of a type of one while it is read, and what it imports and exports so far.</summary>
sealed class Scope(ScopeKind kind, Scope? outer, TypeWork work)
{
    internal ScopeKind Kind { get; } = kind;

    internal Scope? Outer { get; } = outer;

    internal int Depth { get; } = outer is null ? 1 : outer.Depth + 1;

    /// <summary>Core types by index, for the engine's reader. Types of modules have a place there that nothing can use.</summary>
    internal ModuleImage CoreTypes { get; } = new([]);

    /// <summary>Which of the core types are types of modules.</summary>
    internal Dictionary<int, ModuleType> ModuleTypes { get; } = [];

    internal List<FunctionType> CoreFunctions { get; } = [];

    internal List<ExternType.Table> CoreTables { get; } = [];

    internal List<ExternType.Memory> CoreMemories { get; } = [];

    internal List<ExternType.Global> CoreGlobals { get; } = [];

    internal List<ExternType.Tag> CoreTags { get; } = [];

    internal List<ModuleType> CoreModules { get; } = [];

    internal List<IReadOnlyDictionary<string, ExternType>> CoreInstances { get; } = [];

    internal List<ComponentFunctionType> Functions { get; } = [];

    internal List<TypeDefinition> Types { get; } = [];

    internal List<ComponentType> Components { get; } = [];

    internal List<InstanceType> Instances { get; } = [];

    internal OrderedDictionary<string, ComponentExternType> Imports { get; } = [];

    internal OrderedDictionary<string, ComponentExternType> Exports { get; } = [];

    internal NameContext ImportNames { get; } = new("import");

    internal NameContext ExportNames { get; } = new("export");

    internal Visibility Visibility { get; } = new(work);

    /// <summary>Resources that imports introduced.</summary>
    internal HashSet<ResourceIdentity> Imported { get; } = [];

    /// <summary>Resources that this defines or that instances made here brought along.</summary>
    internal HashSet<ResourceIdentity> Own { get; } = [];

    /// <summary>Resources that this defines itself, and may make.</summary>
    internal HashSet<ResourceIdentity> Defined { get; } = [];

    /// <summary>What core code makes instances of the component by.</summary>
    internal List<Definition> Definitions { get; } = [];

    /// <summary>Instances and components that have been made of parts, which is what instantiation costs.</summary>
    internal int Made { get; set; }

    internal void Add(ComponentExternType type)
    {
        switch (type)
        {
            case ComponentExternType.Module each: CoreModules.Add(each.Type); break;
            case ComponentExternType.Func each: Functions.Add(each.Type); break;
            case ComponentExternType.Bound each: Types.Add(each.Is); break;
            case ComponentExternType.Component each: Components.Add(each.Type); break;
            case ComponentExternType.Instance each: Instances.Add(each.Type); break;
        }
    }

    internal void Add(ExternType type)
    {
        switch (type)
        {
            case ExternType.Func each: CoreFunctions.Add(each.Type); break;
            case ExternType.Table each: CoreTables.Add(each); break;
            case ExternType.Memory each: CoreMemories.Add(each); break;
            case ExternType.Global each: CoreGlobals.Add(each); break;
            case ExternType.Tag each: CoreTags.Add(each); break;
        }
    }

    internal int Count(Sort sort) => sort switch
    {
        Sort.CoreFunction => CoreFunctions.Count,
        Sort.CoreTable => CoreTables.Count,
        Sort.CoreMemory => CoreMemories.Count,
        Sort.CoreGlobal => CoreGlobals.Count,
        Sort.CoreTag => CoreTags.Count,
        Sort.CoreType => CoreTypes.Types.Count,
        Sort.CoreModule => CoreModules.Count,
        Sort.CoreInstance => CoreInstances.Count,
        Sort.Function => Functions.Count,
        Sort.Type => Types.Count,
        Sort.Component => Components.Count,
        Sort.Instance => Instances.Count,
        _ => 0,
    };

    /// <summary>The type of something in a core index space.</summary>
    internal ExternType CoreAt(SortIndex what) => what.Sort switch
    {
        Sort.CoreFunction => new ExternType.Func(CoreFunctions[what.Index]),
        Sort.CoreTable => CoreTables[what.Index],
        Sort.CoreMemory => CoreMemories[what.Index],
        Sort.CoreGlobal => CoreGlobals[what.Index],
        _ => CoreTags[what.Index],
    };

    /// <summary>The type of something that may be imported and exported.</summary>
    internal ComponentExternType At(SortIndex what) => what.Sort switch
    {
        Sort.CoreModule => new ComponentExternType.Module(CoreModules[what.Index]),
        Sort.Function => new ComponentExternType.Func(Functions[what.Index]),
        Sort.Type => new ComponentExternType.Bound(Types[what.Index], IsAbstract: false),
        Sort.Component => new ComponentExternType.Component(Components[what.Index]),
        _ => new ComponentExternType.Instance(Instances[what.Index]),
    };
}

/// <summary>What a scope is of.</summary>
enum ScopeKind
{
    Component,
    ComponentType,
    InstanceType,
}
