using Allotrope.Components.Wit;

namespace Allotrope.Wit.Generator;

/// <summary>Writes classes of typed functions over what an instance of a component exports.</summary>
/// <param name="code">Where to.</param>
/// <param name="types">What types are called, those of the component's own resources among them.</param>
/// <param name="waits">Which functions may wait.</param>
sealed class Exports(Code code, CSharpTypes types, Waits waits)
{
    const string Instance = "global::Allotrope.Components.ComponentInstance";

    /// <summary>A class for an interface.</summary>
    internal void Write(string name, WitInterface @interface)
    {
        var members = CSharpName.InClass(name, "Name");
        var functions = @interface.Definitions.OfType<WitResource>().SelectMany(resource => resource.Functions).Concat(@interface.Functions)
            .Select(function => new Function(function, members.Take(Function.FlatName(function, withMethods: true)), types, "global::Allotrope.Components.ResourceValue")).ToList();
        code.Line();
        code.Line($"/// <summary>What an instance exports of interface <c>{@interface.FullName}</c>.</summary>");
        code.Block($"public sealed class {name}", () =>
        {
            code.Line("/// <summary>Its name in components.</summary>");
            code.Line($"public const string Name = \"{@interface.FullName}\";");
            code.Line();
            code.Line($"readonly {Instance} _instance;");
            code.Line();
            code.Line("/// <param name=\"instance\">The instance of the component.</param>");
            code.Line("/// <param name=\"name\">What it exports the interface as.</param>");
            code.Line("/// <exception cref=\"global::System.Collections.Generic.KeyNotFoundException\">It does not export the interface.</exception>");
            code.Line($"public {name}({Instance} instance, string name = Name) => _instance = instance.GetInstance(name);");
            Functions(@interface, functions, members);
        });
    }

    /// <summary>A class for what a world exports: its functions, and a property for each interface, whose class is known by name.</summary>
    internal void Write(string name, WitWorld world, IReadOnlyList<(WitWorldItem Item, string Class)> interfaces)
    {
        var members = CSharpName.InClass(name);
        var properties = interfaces.Select(each => (each.Class, each.Item, Name: members.Take(CSharpName.Pascal(each.Item.IsPlain ? each.Item.Name : each.Item.Interface!.Target.Name)))).ToList();
        var functions = world.Exports.Select(item => item.Function is { } function ? function with { Head = function.Head with { Name = item.Name } } : null).OfType<WitFunction>()
            .Select(function => new Function(function, members.Take(CSharpName.Pascal(function.Name)), types)).ToList();
        code.Line();
        code.Line($"/// <summary>What an instance of world <c>{world.FullName}</c> exports.</summary>");
        code.Block($"public sealed class {name}", () =>
        {
            code.Line($"readonly {Instance} _instance;");
            code.Line();
            code.Line("/// <param name=\"instance\">The instance of the component.</param>");
            code.Line("/// <exception cref=\"global::System.Collections.Generic.KeyNotFoundException\">It does not export one of the interfaces.</exception>");
            code.Block($"public {name}({Instance} instance)", () =>
            {
                code.Line("_instance = instance;");
                foreach (var (type, item, property) in properties)
                    code.Line($"{property} = new {type}(instance, \"{item.Name}\");");
            });
            foreach (var (type, item, property) in properties)
            {
                code.Line();
                code.Line($"/// <summary>Interface <c>{item.Name}</c>.</summary>");
                code.Line($"public {type} {property} {{ get; }}");
            }

            Functions(world, functions, members);
        });
    }

    void Functions(WitScope scope, List<Function> functions, CSharpName.Names members)
    {
        foreach (var function in functions)
        {
            Write(function, function.Name, waits: false, members);
            if (waits.Has(scope, function.Wit))
                Write(function, members.Take(function.Name + "Async"), waits: true, members);
        }
    }

    void Write(Function function, string name, bool waits, CSharpName.Names members)
    {
        var type = function.Delegate(waits);
        code.Line();
        if (type is null)
        {
            type = members.Take(name + "Delegate");
            code.Line($"public delegate {function.ReturnType(waits)} {type}({function.Declaration});");
        }

        var field = $"_function{name}";
        code.Line($"{type}? {field};");
        code.Line();
        code.Head(function.Wit.Head);
        code.Line("/// <exception cref=\"global::Allotrope.Wasm.LinkException\">The component's function is of other types.</exception>");
        code.Line($"public {function.ReturnType(waits)} {name}({function.Declaration}) =>");
        code.Line($"    ({field} ??= _instance.GetFunction<{type}>(\"{function.Wit.EncodedName}\"))({function.Arguments});");
    }
}
