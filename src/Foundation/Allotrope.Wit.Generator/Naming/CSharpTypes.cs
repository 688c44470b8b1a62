using Allotrope.Components.Wit;

namespace Allotrope.Wit.Generator;

/// <summary>Which C# types stand for those of WIT (docs/reference/wit-csharp.md).</summary>
/// <param name="names">The names of the packages that types are of.</param>
/// <param name="exported">Interfaces whose resources the component makes.</param>
sealed class CSharpTypes(IReadOnlyDictionary<WitPackage, PackageNames> names, ISet<WitScope>? exported = null)
{
    /// <summary>Letters of one type: names for types may stand for more than anybody would write.</summary>
    const int MostLetters = 16_384;

    static readonly Dictionary<string, string> Primitives = new()
    {
        ["bool"] = "bool", ["s8"] = "sbyte", ["u8"] = "byte", ["s16"] = "short", ["u16"] = "ushort", ["s32"] = "int", ["u32"] = "uint",
        ["s64"] = "long", ["u64"] = "ulong", ["f32"] = "float", ["f64"] = "double", ["string"] = "string", ["char"] = "global::System.Text.Rune",
    };

    /// <summary>The C# type, in full.</summary>
    /// <param name="type">The type.</param>
    /// <param name="position">Where it is used.</param>
    /// <exception cref="NoCSharpException">C# has no form for it.</exception>
    internal string Of(WitExpression type, WitPosition position)
    {
        var text = Direct(type, position);
        return text.Length <= MostLetters ? text : throw new NoCSharpException(position, $"the type is of more than {MostLetters} letters in C#: make records of its parts");
    }

    /// <summary>The C# type of a definition, in full.</summary>
    internal string Of(WitDefinition definition)
    {
        if (definition is WitResource && exported?.Contains(definition.Scope) == true)
            return "global::Allotrope.Components.ResourceValue";
        var package = names[definition.Scope.Package];
        return $"global::{package.Namespace}.{package.Of(definition)}";
    }

    /// <summary>Recursion follows types within types, whose depth is bounded.</summary>
    string Direct(WitExpression type, WitPosition position)
    {
        switch (Plain(type))
        {
            case WitExpression.Primitive { Keyword: var keyword }:
                return Primitives.TryGetValue(keyword, out var primitive) ? primitive : throw None(keyword, position);
            case WitExpression.Named { Name.Target: var target }:
                return Of(target.Origin);
            case WitExpression.Borrow { Resource.Target: var target }:
                return Of(target.Origin);
            case WitExpression.List { Length: null } list when Plain(list.Element) is WitExpression.Primitive { Keyword: "u8" }:
                return "global::System.ReadOnlyMemory<byte>";
            case WitExpression.List list:
                return Of(list.Element, position) + "[]";
            case WitExpression.Option option:
                return Plain(option.Value) is WitExpression.Option ? $"global::Allotrope.Components.Option<{Of(option.Value, position)}>" : Of(option.Value, position) + "?";
            case WitExpression.Result result:
                return $"global::Allotrope.Components.Result<{Side(result.Ok, position)}, {Side(result.Error, position)}>";
            case WitExpression.Tuple { Items: { Count: 1 } items }:
                return $"global::System.ValueTuple<{Of(items[0], position)}>";
            case WitExpression.Tuple tuple:
                return $"({string.Join(", ", tuple.Items.Select(item => Of(item, position)))})";
            case WitExpression.Channel channel:
                throw None(channel.IsFuture ? "future" : "stream", position);
            default:
                throw None("map", position);
        }
    }

    string Side(WitExpression? type, WitPosition position) => type is null ? "global::Allotrope.Components.Unit" : Of(type, position);

    /// <summary>What a name stands for, if that is a type without one of its own.</summary>
    static WitExpression Plain(WitExpression type)
    {
        while (type is WitExpression.Named { Name.Target: { Origin: WitAlias alias } })
            type = alias.Type;
        return type;
    }

    static NoCSharpException None(string keyword, WitPosition position) =>
        new(position, $"`{keyword}` has no form in C# yet: leave what uses it to a feature that is not asked for, or remove it");
}

/// <summary>WIT that C# has no form for.</summary>
sealed class NoCSharpException(WitPosition position, string problem) : Exception(problem)
{
    internal WitPosition Position { get; } = position;
}
