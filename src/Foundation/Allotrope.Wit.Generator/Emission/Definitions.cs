using Allotrope.Components.Wit;

namespace Allotrope.Wit.Generator;

/// <summary>Writes the types that an interface or world defines.</summary>
/// <param name="code">Where to.</param>
/// <param name="names">The package's names.</param>
/// <param name="types">What types are called.</param>
/// <param name="waits">Which functions may wait.</param>
sealed class Definitions(Code code, PackageNames names, CSharpTypes types, Waits waits)
{
    internal void Write(WitScope scope)
    {
        foreach (var definition in scope.Definitions.Where(PackageNames.HasType))
        {
            code.Line();
            code.Head(definition.Head);
            var name = names.Of(definition);
            switch (definition)
            {
                case WitRecord record:
                    Record(name, record);
                    break;
                case WitVariant variant:
                    Variant(name, variant);
                    break;
                case WitEnum { Cases: var cases }:
                    code.Block($"public enum {name}", () => Members(cases, CSharpName.InClass("value__"), index => $"{index}"));
                    break;
                case WitFlags flags:
                    Flags(name, flags.Flags);
                    break;
                case WitResource resource:
                    Resource(name, resource);
                    break;
            }
        }
    }

    void Record(string name, WitRecord record)
    {
        var members = CSharpName.InRecord(name);
        var fields = record.Fields.Select(field => (Member: members.Take(CSharpName.Pascal(field.Name)), Type: types.Of(field.Type, field.Position), field.Docs)).ToList();
        foreach (var (member, _, docs) in fields)
        {
            if (docs is not null)
                code.Line($"/// <param name=\"{member}\">{Code.Escaped(docs.Replace('\n', ' '))}</param>");
        }

        code.Line($"public readonly record struct {name}({string.Join(", ", fields.Select(field => $"{field.Type} {field.Member}"))});");
    }

    void Variant(string name, WitVariant variant) => code.Block($"public abstract record {name}", () =>
    {
        code.Block($"private {name}()", () => { });
        var members = CSharpName.InRecord(name, "Value");
        foreach (var each in variant.Cases)
        {
            code.Line();
            code.Docs(each.Docs);
            code.Line($"public sealed record {members.Take(CSharpName.Pascal(each.Name))}{(each.Type is null ? "" : $"({types.Of(each.Type, each.Position)} Value)")} : {name};");
        }
    });

    void Flags(string name, IReadOnlyList<WitCase> flags)
    {
        code.Line("[global::System.Flags]");
        code.Block($"public enum {name} : {(flags.Count <= 8 ? "byte" : flags.Count <= 16 ? "ushort" : "uint")}", () =>
        {
            if (!flags.Any(flag => CSharpName.Pascal(flag.Name) == "None"))
                code.Line("None = 0,");
            Members(flags, CSharpName.InClass("value__"), index => $"{1u << index}");
        });
    }

    void Members(IReadOnlyList<WitCase> cases, CSharpName.Names members, Func<int, string> value)
    {
        for (var i = 0; i < cases.Count; i++)
        {
            code.Docs(cases[i].Docs);
            code.Line($"{members.Take(CSharpName.Pascal(cases[i].Name))} = {value(i)},");
        }
    }

    void Resource(string name, WitResource resource) => code.Block($"public interface {name} : global::System.IDisposable", () =>
    {
        foreach (var (function, _) in Methods(resource, name))
            Declare(code, function, waits.Has(resource.Scope, function.Wit));
    });

    /// <summary>The methods of a resource, as its C# interface has them.</summary>
    internal IEnumerable<(Function Function, WitResource Resource)> Methods(WitResource resource, string name)
    {
        var members = CSharpName.InClass(name, "Dispose");
        return resource.Functions.Where(function => function.Kind == WitFunctionKind.Method)
            .Select(function => (new Function(function, members.Take(CSharpName.Pascal(function.Name)), types), resource));
    }

    internal static void Declare(Code code, Function function, bool waits)
    {
        code.Head(function.Wit.Head);
        code.Line($"{function.ReturnType(waits)} {function.Name}({function.Declaration});");
    }
}
