using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <content>Instances of modules and components, and those made of parts.</content>
sealed partial class ComponentDecoder
{
    static void ReadCoreInstance(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        CountMade(scope, at);
        switch (section.Byte())
        {
            case 0x00: InstantiateModule(ref section, scope, at); break;
            case 0x01: BundleCore(ref section, scope); break;
            case var code: throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of a core instance", at);
        }
    }

    static void InstantiateModule(ref BinaryCursor section, Scope scope, int at)
    {
        var index = section.Index();
        var module = scope.CoreModules[Declared(index, scope.CoreModules.Count, "module", at)];
        var arguments = ImmutableArray.CreateBuilder<NamedIndex>();
        var given = new Dictionary<string, IReadOnlyDictionary<string, ExternType>>();
        for (var left = section.Count(); left > 0; left--)
        {
            var argumentAt = section.Position;
            var name = section.Name();
            if (ReadCoreSort(ref section) != Sort.CoreInstance)
                throw new InvalidComponentException("only instances can be arguments of a module", argumentAt);
            var instance = Declared(section.Index(), scope.CoreInstances.Count, "core instance", argumentAt);
            if (!given.TryAdd(name, scope.CoreInstances[instance]))
                throw new InvalidComponentException($"duplicate module instantiation argument named `{name}`", argumentAt);
            arguments.Add(new(name, new(Sort.CoreInstance, instance)));
        }

        foreach (var ((from, name), wanted) in module.Imports)
        {
            if (!given.TryGetValue(from, out var exports))
                throw new InvalidComponentException($"missing module instantiation argument named `{from}`", at);
            if (!exports.TryGetValue(name, out var found))
                throw new InvalidComponentException($"module instantiation argument `{from}` does not export an item named `{name}`", at);
            if (!CoreMatching.Satisfies(found, wanted))
                throw new InvalidComponentException($"type mismatch for export `{name}` of module instantiation argument `{from}`: expected {wanted}, found {found}", at);
        }

        scope.CoreInstances.Add(module.Exports);
        scope.Definitions.Add(new Definition.InstantiateModule(index, arguments.ToImmutable()));
    }

    static void BundleCore(ref BinaryCursor section, Scope scope)
    {
        var exports = new Dictionary<string, ExternType>();
        var parts = ImmutableArray.CreateBuilder<NamedIndex>();
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            var name = section.Name();
            var what = Declared(new SortIndex(ReadCoreSort(ref section), section.Index()), scope, at);
            if (what.Sort > Sort.CoreTag)
                throw new InvalidComponentException($"a {Name(what.Sort)} cannot be an export of a core instance", at);
            if (!exports.TryAdd(name, scope.CoreAt(what)))
                throw new InvalidComponentException($"export name `{name}` already defined", at);
            parts.Add(new(name, what));
        }

        scope.CoreInstances.Add(exports);
        scope.Definitions.Add(new Definition.CoreBundle(parts.ToImmutable()));
    }

    void ReadInstance(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        CountMade(scope, at);
        switch (section.Byte())
        {
            case 0x00: InstantiateComponent(ref section, scope, at); break;
            case 0x01: Bundle(ref section, scope); break;
            case var code: throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of an instance", at);
        }
    }

    void InstantiateComponent(ref BinaryCursor section, Scope scope, int at)
    {
        var index = section.Index();
        var component = scope.Components[Declared(index, scope.Components.Count, "component", at)];
        var arguments = ImmutableArray.CreateBuilder<NamedIndex>();
        var given = new Dictionary<string, ComponentExternType>();
        for (var left = section.Count(); left > 0; left--)
        {
            var argumentAt = section.Position;
            var name = section.Name();
            var what = ReadShareable(ref section, scope, "an argument of a component", argumentAt);
            if (!given.TryAdd(name, scope.At(what)))
                throw new InvalidComponentException($"instantiation argument `{name}` conflicts with previous argument `{name}`", argumentAt);
            arguments.Add(new(name, what));
        }

        var matching = new Matching(_work);
        foreach (var (name, wanted) in component.Imports)
        {
            if (!given.TryGetValue(name, out var found))
                throw new InvalidComponentException($"missing import named `{name}`", at);
            try
            {
                matching.Require(found, wanted);
            }
            catch (TypeMismatchException e)
            {
                throw new InvalidComponentException($"type mismatch for import `{name}`: {e.Message}", at);
            }
        }

        OrderedDictionary<string, ComponentExternType> exports = [];
        Match(at, () => exports = ScopeTypes.Fresh(component.Exports, component.Own, scope.Own, matching.Substitution));
        var type = new InstanceType(exports, []);
        scope.Instances.Add(type);
        scope.Definitions.Add(new Definition.InstantiateComponent(index, arguments.ToImmutable(), type));
    }

    static void Bundle(ref BinaryCursor section, Scope scope)
    {
        var exports = new OrderedDictionary<string, ComponentExternType>();
        var parts = ImmutableArray.CreateBuilder<NamedIndex>();
        var names = new NameContext("instance export", knowsResources: false);
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            var (name, attributes) = ReadName(ref section);
            var what = ReadShareable(ref section, scope, "an export of an instance", at);
            var type = scope.At(what);
            CheckAttributes(name, attributes, type, at);
            if (names.TryAdd(name, type) is { } problem)
                throw new InvalidComponentException(problem, at);
            exports.Add(name.Text, type);
            parts.Add(new(name.Text, what));
        }

        scope.Instances.Add(new InstanceType(exports, []));
        scope.Definitions.Add(new Definition.Bundle(parts.ToImmutable()));
    }
}
