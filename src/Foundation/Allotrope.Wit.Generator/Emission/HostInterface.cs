using Allotrope.Components.Wit;

namespace Allotrope.Wit.Generator;

/// <summary>Writes what a host implements of an interface, or of a world's own imports, and how a linker is filled with it.</summary>
/// <param name="code">Where to.</param>
/// <param name="names">The package's names.</param>
/// <param name="types">What types are called.</param>
/// <param name="waits">Which functions may wait.</param>
sealed class HostInterface(Code code, PackageNames names, CSharpTypes types, Waits waits)
{
    const string Linker = "global::Allotrope.Components.ComponentLinker<TState>";

    readonly Definitions _definitions = new(code, names, types, waits);

    internal void Write(WitInterface @interface)
    {
        var resources = @interface.Definitions.OfType<WitResource>().ToList();
        var functions = Flat(@interface, @interface.Functions.Concat(resources.SelectMany(resource => resource.Functions.Where(function => function.Kind != WitFunctionKind.Method))));
        _definitions.Write(@interface);
        Declare(@interface, functions);
        var scope = names.Of(@interface);
        code.Line();
        code.Line($"/// <summary>Interface <c>{@interface.FullName}</c>.</summary>");
        code.Block($"public static class {scope.Link}", () =>
        {
            code.Line("/// <summary>Its name in components.</summary>");
            code.Line($"public const string Name = \"{@interface.FullName}\";");
            code.Line();
            code.Line("/// <summary>Offers it to the components that the linker links, under its own name or another.</summary>");
            if (functions.Count > 0)
                code.Line("/// <param name=\"host\">What serves an instance of that state; asked for at each call.</param>");
            code.Block($"public static void AddTo<TState>({Linker} linker{HostParameter(scope, functions)}, string name = Name)", () =>
            {
                code.Line("var to = linker.Instance(name);");
                foreach (var resource in resources)
                {
                    code.Line($"to.Resource<{types.Of(resource)}>(\"{resource.Name}\");");
                    foreach (var (function, _) in _definitions.Methods(resource, names.Of(resource)))
                        Link("to", function, $"{types.Of(resource)} self", "self");
                }

                foreach (var function in functions)
                    Link("to", function, null, "host(state)");
            });
        });
    }

    /// <summary>A world's types, and the functions that it imports outside of an interface.</summary>
    internal void Write(WitWorld world)
    {
        _definitions.Write(world);
        var functions = Flat(world, world.Imports.Select(item => item.Function is { } function ? function with { Head = function.Head with { Name = item.Name } } : null).OfType<WitFunction>());
        Declare(world, functions);
        var resources = world.Definitions.OfType<WitResource>().ToList();
        if (functions.Count == 0 && resources.Count == 0)
            return;
        var scope = names.Of(world);
        code.Line();
        code.Line($"/// <summary>World <c>{world.FullName}</c>.</summary>");
        code.Block($"public static class {scope.Link}", () =>
        {
            code.Line("/// <summary>Offers what the world imports outside of an interface to the components that the linker links.</summary>");
            code.Block($"public static void AddTo<TState>({Linker} linker{HostParameter(scope, functions)})", () =>
            {
                foreach (var resource in resources)
                    code.Line($"linker.Resource<{types.Of(resource)}>(\"{resource.Name}\");");
                foreach (var function in functions)
                    Link("linker", function, null, "host(state)");
            });
        });
    }

    List<Function> Flat(WitScope scope, IEnumerable<WitFunction> functions)
    {
        var members = CSharpName.InClass(names.Of(scope).Host);
        return [.. functions.Select(function => new Function(function, members.Take(Function.FlatName(function, withMethods: false)), types))];
    }

    void Declare(WitScope scope, List<Function> functions)
    {
        if (functions.Count == 0)
            return;
        code.Line();
        code.Docs(scope.Head.Docs);
        code.Block($"public interface {names.Of(scope).Host}", () =>
        {
            foreach (var function in functions)
                Definitions.Declare(code, function, waits.Has(scope, function.Wit));
        });
    }

    static string HostParameter(ScopeNames scope, List<Function> functions) => functions.Count == 0 ? "" : $", global::System.Func<TState, {scope.Host}> host";

    void Link(string to, Function function, string? self, string target)
    {
        var parameters = new List<string> { "TState state" };
        if (self is not null)
            parameters.Add(self);
        var arguments = function.Parameters.Select((parameter, i) => (parameter.Type, Name: $"p{i}")).ToList();
        parameters.AddRange(arguments.Select(argument => $"{argument.Type} {argument.Name}"));
        code.Line($"{to}.Function(\"{function.Wit.EncodedName}\", ({string.Join(", ", parameters)}) => {target}.{function.Name}({string.Join(", ", arguments.Select(argument => argument.Name))}));");
    }
}
