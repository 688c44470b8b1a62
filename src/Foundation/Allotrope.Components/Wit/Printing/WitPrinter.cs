using System.Text;

namespace Allotrope.Components.Wit;

/// <summary>Writes packages as WIT text.</summary>
public sealed class WitPrinter
{
    readonly StringBuilder _text = new();
    string _indent = "";

    WitPrinter()
    {
    }

    /// <summary>A package, and others written within the same text.</summary>
    public static string Print(WitPackage package, IEnumerable<WitPackage>? nested = null)
    {
        var printer = new WitPrinter();
        printer.Docs(package.Docs);
        printer.Line($"package {Name(package.Name)};");
        printer.Items(package);
        foreach (var other in nested ?? [])
        {
            printer.Line();
            printer.Docs(other.Docs);
            printer.Line($"package {Name(other.Name)} {{");
            printer.Within(() => printer.Items(other, isNested: true));
            printer.Line("}");
        }

        return printer._text.ToString();
    }

    static string Name(WitPackageName name) =>
        string.Join(":", name.Namespace.Split(':').Select(WitLabel.Written)) + ":" + string.Join("/", name.Name.Split('/').Select(WitLabel.Written)) + (name.Version is null ? "" : "@" + name.Version);

    void Items(WitPackage package, bool isNested = false)
    {
        var isFirst = isNested;
        foreach (var item in package.Interfaces.Concat<WitScope>(package.Worlds))
        {
            if (!isFirst)
                Line();
            isFirst = false;
            Head(item.Head);
            Line($"{item.Sort} {WitLabel.Written(item.Name)} {{");
            Within(() =>
            {
                if (item is WitWorld world)
                    World(world);
                else
                    Interface((WitInterface)item);
            });
            Line("}");
        }
    }

    void Interface(WitInterface @interface)
    {
        Definitions(@interface);
        var isFirst = @interface.Definitions.Count == 0;
        foreach (var function in @interface.Functions)
        {
            if (!isFirst)
                Line();
            isFirst = false;
            Head(function.Head);
            Line($"{WitLabel.Written(function.Name)}: {Function(function)};");
        }
    }

    void World(WitWorld world)
    {
        foreach (var include in world.Includes)
        {
            Gate(include.Gate);
            var renames = string.Join(", ", include.Renames.Select(rename => $"{WitLabel.Written(rename.Name)} as {WitLabel.Written(rename.To)}"));
            Line($"include {Path(include.World, world)}{(renames.Length > 0 ? $" with {{ {renames} }}" : ";")}");
        }

        Definitions(world);
        foreach (var item in world.Written)
        {
            Head(item.Head);
            var start = $"{(item.IsExport ? "export" : "import")} ";
            if (item.Function is { } function)
                Line($"{start}{WitLabel.Written(item.Head.Name)}: {Function(function)};");
            else if (item.Interface!.Target is WitInterface { World: not null } inline)
                Inline(start, inline);
            else
                Line($"{start}{(item.IsPlain ? WitLabel.Written(item.Head.Name) + ": " : "")}{Path(item.Interface, world)};");
        }
    }

    void Inline(string start, WitInterface inline)
    {
        Line($"{start}{WitLabel.Written(inline.Name)}: interface {{");
        Within(() => Interface(inline));
        Line("}");
    }

    void Definitions(WitScope scope)
    {
        var isFirst = true;
        foreach (var uses in scope.Definitions.OfType<WitUse>().GroupBy(use => (use.Source, use.Head.Gate)))
        {
            Gate(uses.Key.Gate);
            var names = uses.Select(use => WitLabel.Written(use.Original) + (use.Original == use.Name ? "" : $" as {WitLabel.Written(use.Name)}"));
            Line($"use {Path(uses.Key.Source, scope)}.{{{string.Join(", ", names)}}};");
            isFirst = false;
        }

        foreach (var definition in scope.Definitions)
        {
            if (definition is WitUse)
                continue;
            if (!isFirst)
                Line();
            isFirst = false;
            Head(definition.Head);
            Definition(definition);
        }
    }

    void Definition(WitDefinition definition)
    {
        var name = WitLabel.Written(definition.Name);
        switch (definition)
        {
            case WitAlias alias:
                Line($"type {name} = {Type(alias.Type)};");
                break;
            case WitRecord record:
                Block($"record {name}", record.Fields, field => (field.Docs, $"{WitLabel.Written(field.Name)}: {Type(field.Type)},"));
                break;
            case WitVariant variant:
                Block($"variant {name}", variant.Cases, each => (each.Docs, $"{WitLabel.Written(each.Name)}{(each.Type is null ? "" : $"({Type(each.Type)})")},"));
                break;
            case WitEnum { Cases: var cases }:
                Block($"enum {name}", cases, each => (each.Docs, $"{WitLabel.Written(each.Name)},"));
                break;
            case WitFlags { Flags: var flags }:
                Block($"flags {name}", flags, each => (each.Docs, $"{WitLabel.Written(each.Name)},"));
                break;
            case WitResource { Functions.Count: 0 }:
                Line($"resource {name};");
                break;
            case WitResource resource:
                Resource(name, resource);
                break;
        }
    }

    void Resource(string name, WitResource resource)
    {
        Line($"resource {name} {{");
        Within(() =>
        {
            foreach (var function in resource.Functions)
            {
                Head(function.Head);
                Line(function.Kind == WitFunctionKind.Constructor
                    ? $"constructor{Function(function).Substring("func".Length)};"
                    : $"{WitLabel.Written(function.Name)}: {(function.Kind == WitFunctionKind.Static ? "static " : "")}{Function(function)};");
            }
        });
        Line("}");
    }

    void Block<T>(string start, IReadOnlyList<T> items, Func<T, (string? Docs, string Text)> write)
    {
        Line(start + " {");
        Within(() =>
        {
            foreach (var (docs, text) in items.Select(write))
            {
                Docs(docs);
                Line(text);
            }
        });
        Line("}");
    }

    static string Function(WitFunction function) =>
        $"{(function.IsAsync ? "async " : "")}func({string.Join(", ", function.Parameters.Select(each => $"{WitLabel.Written(each.Name)}: {Type(each.Type)}"))})"
        + (function.Result is null ? "" : $" -> {Type(function.Result)}");

    /// <summary>A type as WIT writes it. Recursion follows types within types, whose depth is bounded.</summary>
    public static string Type(WitExpression type) => type switch
    {
        WitExpression.Primitive { Keyword: var keyword } => keyword,
        WitExpression.Named named => WitLabel.Written(named.Name.Text),
        WitExpression.Borrow borrow => $"borrow<{WitLabel.Written(borrow.Resource.Text)}>",
        WitExpression.List { Length: { } length } list => $"list<{Type(list.Element)}, {length}>",
        WitExpression.List list => $"list<{Type(list.Element)}>",
        WitExpression.Option option => $"option<{Type(option.Value)}>",
        WitExpression.Result { Ok: null, Error: null } => "result",
        WitExpression.Result { Ok: { } ok, Error: null } => $"result<{Type(ok)}>",
        WitExpression.Result result => $"result<{(result.Ok is null ? "_" : Type(result.Ok))}, {Type(result.Error!)}>",
        WitExpression.Tuple tuple => $"tuple<{string.Join(", ", tuple.Items.Select(Type))}>",
        WitExpression.Map map => $"map<{Type(map.Key)}, {Type(map.Value)}>",
        WitExpression.Channel channel => (channel.IsFuture ? "future" : "stream") + (channel.Element is null ? "" : $"<{Type(channel.Element)}>"),
        _ => throw new ArgumentException("no type of WIT", nameof(type)),
    };

    /// <summary>The short name within the package, the full one elsewhere.</summary>
    static string Path(WitPath path, WitScope from) =>
        path.Target is not { Package: { } package } target ? path.ToString()
        : package == from.Package ? WitLabel.Written(target.Name)
        : package.Name.Of(WitLabel.Written(target.Name));

    void Head(WitHead head)
    {
        Docs(head.Docs);
        Gate(head.Gate);
    }

    void Gate(WitGate? gate)
    {
        if (gate?.Since is { } since)
            Line($"@since(version = {since})");
        if (gate?.Feature is { } feature)
            Line($"@unstable(feature = {feature})");
        if (gate?.Deprecated is { } deprecated)
            Line($"@deprecated(version = {deprecated})");
        if (gate?.ExternalId is { } id)
            Line($"@external-id(\"{Escaped(id)}\")");
    }

    static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in text)
        {
            if (letter is '"' or '\\')
                escaped.Append('\\').Append(letter);
            else if (letter is < ' ' or '\u007F')
                escaped.Append("\\u{").Append(((int)letter).ToString("x")).Append('}');
            else
                escaped.Append(letter);
        }

        return escaped.ToString();
    }

    void Docs(string? docs)
    {
        if (docs is null)
            return;
        foreach (var line in docs.Split('\n'))
            Line(line.Length == 0 ? "///" : "/// " + line);
    }

    void Within(Action write)
    {
        var before = _indent;
        _indent += "  ";
        write();
        _indent = before;
    }

    void Line(string text = "")
    {
        if (text.Length > 0)
            _text.Append(_indent).Append(text);
        _text.Append('\n');
    }
}
