using Allotrope.Components.Wit;

namespace Allotrope.Components;

/// <summary>
/// What a component needs and offers as WIT: world <c>root</c> of package <c>root:component</c>, and the interfaces that it names in packages of their
/// own. Of a component that carries a WIT package instead of code, that package.
/// </summary>
public sealed class ComponentWit
{
    readonly Dictionary<string, WitPackage> _packages = [];
    readonly TypeOwners _owners = new();

    ComponentWit()
    {
    }

    /// <summary>Everything as one text, that of the world or of the carried package first.</summary>
    public static string Print(Component component)
    {
        ArgumentNullException.ThrowIfNull(component);
        var wit = new ComponentWit();
        var main = IsPackage(component.Type) ? wit.Package(component.Type) : wit.Root(component.Type);
        return WitPrinter.Print(main, wit._packages.Values.Where(package => package != main).OrderBy(package => package.Name.ToString(), StringComparer.Ordinal));
    }

    /// <summary>Whether all it exports are types of worlds and of interfaces, which is how WIT is written in the binary format.</summary>
    static bool IsPackage(ComponentType type) =>
        type.Exports.Count > 0 && type.Imports.Count == 0 && type.Exports.Values.All(each => each is ComponentExternType.Bound { Is: ComponentType { Exports.Count: 1 } });

    WitPackage Root(ComponentType type)
    {
        var package = new WitPackage(new("root", "component", null), null);
        package.TryAdd(World("root", type));
        return package;
    }

    WitPackage Package(ComponentType type)
    {
        WitPackage? main = null;
        foreach (var (name, export) in type.Exports)
        {
            var wrapped = (ComponentType)((ComponentExternType.Bound)export).Is;
            foreach (var (needed, import) in wrapped.Imports)
            {
                if (import is ComponentExternType.Instance instance)
                    Interface(needed, instance.Type);
            }

            var (full, content) = wrapped.Exports.First();
            main ??= PackageOf(full);
            if (content is ComponentExternType.Instance @interface)
                Interface(full, @interface.Type);
            else if (content is ComponentExternType.Component { Type: var world })
                PackageOf(full).TryAdd(World(name, world));
        }

        return main!;
    }

    WitWorld World(string name, ComponentType type)
    {
        var world = new WitWorld(new(name, default));
        var scope = new ScopeWit(world, _owners);
        foreach (var (imported, each) in type.Imports)
            Item(scope, world, imported, each, isExport: false);
        foreach (var (exported, each) in type.Exports)
            Item(scope, world, exported, each, isExport: true);
        scope.Finish();
        return world;
    }

    void Item(ScopeWit scope, WitWorld world, string name, ComponentExternType type, bool isExport)
    {
        var head = new WitHead(name, default);
        switch (type)
        {
            case ComponentExternType.Instance { Type: var instance } when name.Contains(':', StringComparison.Ordinal):
                Interface(name, instance);
                world.Add(new WitWorldItem(head, isExport, null, WitPath.To(PackageOf(name).Find(PathOf(name).Name)!), IsPlain: false));
                break;
            case ComponentExternType.Instance { Type: var instance }:
                var inline = new WitInterface(head, world);
                Fill(inline, instance);
                world.Add(new WitWorldItem(head, isExport, null, new(null, name, default) { Target = inline }, IsPlain: true));
                break;
            case ComponentExternType.Func function when ExternName.Parse(name, out _) is { Form: NameForm.Plain }:
                world.Add(new WitWorldItem(head, isExport, scope.Function(head, WitFunctionKind.Free, function.Type, skip: 0), null, IsPlain: true));
                break;
            default:
                // Types, functions of resources, and what WIT has no words for: modules and components.
                scope.Add(name, type);
                break;
        }
    }

    /// <summary>An interface that is imported and exported is there once; types that others use may be of either.</summary>
    void Interface(string name, InstanceType type)
    {
        var path = PathOf(name);
        var @interface = new WitInterface(new(path.Name, default));
        var package = PackageOf(name);
        if (package.TryAdd(@interface) is not null)
            @interface.Package = package;
        Fill(@interface, type);
    }

    void Fill(WitInterface @interface, InstanceType type)
    {
        var scope = new ScopeWit(@interface, _owners);
        foreach (var (name, each) in type.Exports)
            scope.Add(name, each);
        scope.Finish();
    }

    WitPackage PackageOf(string name)
    {
        var id = PathOf(name).Package!;
        if (!_packages.TryGetValue(id.ToString(), out var package))
            _packages.Add(id.ToString(), package = new WitPackage(id, null));
        return package;
    }

    /// <summary><c>wasi:io/poll@0.2.0</c>; a version that stands for all compatible ones gets the numbers it leaves out.</summary>
    internal static WitPath PathOf(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var path = at < 0 ? name : name[..at];
        var version = at < 0 ? null : name[(at + 1)..];
        if (version is not null && SemanticVersion.IsCanonical(version))
            version += string.Concat(Enumerable.Repeat(".0", 2 - version.Count(letter => letter == '.')));
        var slash = path.LastIndexOf('/');
        var package = path[..slash];
        var colon = package.LastIndexOf(':');
        return new(new(package[..colon], package[(colon + 1)..], version), path[(slash + 1)..], default);
    }
}
