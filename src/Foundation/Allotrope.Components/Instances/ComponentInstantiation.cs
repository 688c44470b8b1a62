using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Makes an instance by the component's definitions, in their order.</summary>
sealed class ComponentInstantiation
{
    readonly InstanceState _instance;
    readonly Component _component;
    readonly IReadOnlyDictionary<string, object?> _arguments;
    readonly InstanceExports _exports = [];
    readonly InstantiationWork _work;

    ComponentInstantiation(
        InstanceState instance, ComponentClosure closure, IReadOnlyDictionary<string, object?> arguments, InstantiationWork work)
    {
        _work = work;
        _instance = instance;
        (_component, _arguments) = (closure.Component, arguments);
    }

    /// <param name="instance">What it becomes.</param>
    /// <param name="closure">What to make an instance of.</param>
    /// <param name="arguments">What it imports, of types that have been checked.</param>
    /// <param name="work">What making the outermost instance may take.</param>
    internal static InstanceExports Run(
        InstanceState instance, ComponentClosure closure, IReadOnlyDictionary<string, object?> arguments, InstantiationWork work)
    {
        var instantiation = new ComponentInstantiation(instance, closure, arguments, work);
        foreach (var definition in closure.Component.Definitions)
        {
            work.Step();
            instantiation.Make(definition);
        }

        return instantiation._exports;
    }

    void Make(Definition definition)
    {
        switch (definition)
        {
            case Definition.CoreModule each: _instance.CoreModules.Add(each.Module); break;
            case Definition.InstantiateModule each: InstantiateModule(each); break;
            case Definition.CoreBundle each: _instance.CoreInstances.Add(each.Exports.ToDictionary(export => export.Name, export => CoreAt(export.What))); break;
            case Definition.Nested each: _instance.Components.Add(new ComponentClosure(each.Component, _instance)); break;
            case Definition.InstantiateComponent each: InstantiateComponent(each); break;
            case Definition.Bundle each: _instance.Instances.Add(Collect(each.Exports)); break;
            case Definition.ExportAlias each: AliasExport(each); break;
            case Definition.OuterAlias each: AliasOuter(each); break;
            case Definition.Resource each: DefineResource(each); break;
            case Definition.PlainType: _instance.Types.Add(null); break;
            case Definition.Lift each: _instance.Functions.Add(new LiftedFunction(_instance, each)); break;
            case Definition.Lower each: _instance.CoreFunctions.Add(LoweredFunction.Create(_instance, each)); break;
            case Definition.BuiltIn { Intrinsic: <= Intrinsic.ResourceRep } each: _instance.CoreFunctions.Add(ResourceFunctions.Create(_instance, each)); break;
            case Definition.BuiltIn each: _instance.CoreFunctions.Add(TaskFunctions.Create(_instance, each)); break;
            case Definition.Import each: Add(each.Type, _arguments[each.Name]); break;
            case Definition.Export each:
                var what = At(each.What);
                _exports.Add(each.Name, what);
                Add(each.Type, what);
                break;
            default: throw new InvalidOperationException($"nothing makes a {definition.GetType().Name} in a component");
        }
    }

    void InstantiateModule(Definition.InstantiateModule definition)
    {
        var linker = new Linker();
        foreach (var (name, what) in definition.Arguments)
        {
            foreach (var (field, value) in _instance.CoreInstances[what.Index])
                Define(linker, name, field, value);
        }

        var made = linker.Instantiate(_instance.Store, _instance.CoreModules[definition.Module]);
        _instance.CoreInstances.Add(made.Module.Exports.ToDictionary(export => export.Name, export => (object)(export.Type switch
        {
            ExternType.Func => made.GetFunction(export.Name),
            ExternType.Memory => made.GetMemory(export.Name),
            ExternType.Table => made.GetTable(export.Name),
            ExternType.Tag => made.GetTag(export.Name),
            _ => made.GetGlobal(export.Name),
        })));
    }

    static void Define(Linker linker, string module, string name, object value)
    {
        switch (value)
        {
            case Function function: linker.Define(module, name, function); break;
            case Memory memory: linker.Define(module, name, memory); break;
            case Table table: linker.Define(module, name, table); break;
            case Tag tag: linker.Define(module, name, tag); break;
            case Global global: linker.Define(module, name, global); break;
        }
    }

    void InstantiateComponent(Definition.InstantiateComponent definition)
    {
        var closure = _instance.Components[definition.Component];
        var inner = new InstanceState(_instance.Store, _instance, closure.Outer) { IsConcurrent = closure.Component.IsConcurrent };
        _instance.Root.Inner.Add(inner);
        var exports = Run(inner, closure, Collect(definition.Arguments), _work);
        _instance.Instances.Add(exports);
        BindExports(definition.Type, exports);
    }

    InstanceExports Collect(IEnumerable<NamedIndex> parts)
    {
        var all = new InstanceExports();
        foreach (var (name, what) in parts)
            all.Add(name, At(what));
        return all;
    }

    void AliasExport(Definition.ExportAlias definition)
    {
        if (definition.Sort <= Sort.CoreTag)
            AddCore(definition.Sort, _instance.CoreInstances[definition.Instance][definition.Name]);
        else
            Add(definition.Sort, _instance.Instances[definition.Instance][definition.Name]);
    }

    void AliasOuter(Definition.OuterAlias definition)
    {
        // Where a component was defined is not always where an instance of it is made.
        var target = _instance;
        for (var level = 0; level < definition.Levels; level++)
            target = target.Definer!;
        switch (definition.Sort)
        {
            case Sort.CoreModule: _instance.CoreModules.Add(target.CoreModules[definition.Index]); break;
            case Sort.Component: _instance.Components.Add(target.Components[definition.Index]); break;
            case Sort.Type: _instance.Types.Add(target.Types[definition.Index]); break;
        }
    }

    void DefineResource(Definition.Resource definition)
    {
        var destructor = definition.Destructor is { } index ? _instance.CoreFunctions[index] : null;
        var resource = new InstanceResource(
            _instance,
            destructor is null ? null : representation => _instance.CallAside(destructor, [Flat.ToValue(representation, destructor.Type.Parameters[0])], []));
        _instance.Bind(definition.Identity, resource);
        _instance.Types.Add(resource);
    }

    object CoreAt(SortIndex what) => what.Sort switch
    {
        Sort.CoreFunction => _instance.CoreFunctions[what.Index],
        Sort.CoreTable => _instance.CoreTables[what.Index],
        Sort.CoreMemory => _instance.CoreMemories[what.Index],
        Sort.CoreGlobal => _instance.CoreGlobals[what.Index],
        _ => _instance.CoreTags[what.Index],
    };

    void AddCore(Sort sort, object value)
    {
        switch (sort)
        {
            case Sort.CoreFunction: _instance.CoreFunctions.Add((Function)value); break;
            case Sort.CoreTable: _instance.CoreTables.Add((Table)value); break;
            case Sort.CoreMemory: _instance.CoreMemories.Add((Memory)value); break;
            case Sort.CoreGlobal: _instance.CoreGlobals.Add((Global)value); break;
            default: _instance.CoreTags.Add((Tag)value); break;
        }
    }

    object? At(SortIndex what) => what.Sort switch
    {
        Sort.CoreModule => _instance.CoreModules[what.Index],
        Sort.Function => _instance.Functions[what.Index],
        Sort.Type => _instance.Types[what.Index],
        Sort.Component => _instance.Components[what.Index],
        _ => _instance.Instances[what.Index],
    };

    void Add(Sort sort, object? value)
    {
        switch (sort)
        {
            case Sort.CoreModule: _instance.CoreModules.Add((Module)value!); break;
            case Sort.Function: _instance.Functions.Add((ComponentFunction)value!); break;
            case Sort.Type: _instance.Types.Add((InstanceResource?)value); break;
            case Sort.Component: _instance.Components.Add((ComponentClosure)value!); break;
            default: _instance.Instances.Add((InstanceExports)value!); break;
        }
    }

    /// <summary>Gives an import or export its place, and the resources in its type their meaning.</summary>
    void Add(ComponentExternType type, object? value)
    {
        Bind(type, value);
        Add(type switch
        {
            ComponentExternType.Module => Sort.CoreModule,
            ComponentExternType.Func => Sort.Function,
            ComponentExternType.Bound => Sort.Type,
            ComponentExternType.Component => Sort.Component,
            _ => Sort.Instance,
        }, value);
    }

    void Bind(ComponentExternType type, object? value)
    {
        switch (type)
        {
            case ComponentExternType.Bound { Is: ResourceType resource }: _instance.Bind(resource.Identity, (InstanceResource)value!); break;
            case ComponentExternType.Instance instance: BindExports(instance.Type, (InstanceExports)value!); break;
        }
    }

    void BindExports(InstanceType type, InstanceExports exports)
    {
        foreach (var (name, each) in type.Exports)
            Bind(each, exports[name]);
    }
}
