namespace Allotrope.Components.Wit;

// Definitions of types, functions, and types where they are used.
sealed partial class WitParser
{
    bool TryDefinition(WitScope scope, string? docs, WitGate? gate)
    {
        if (_token.IsExplicit || _token.Kind != WitTokenKind.Identifier)
            return false;
        if (_token.Text == "use")
        {
            Use(scope, gate);
            return true;
        }

        if (_token.Text is not ("type" or "record" or "variant" or "enum" or "flags" or "resource"))
            return false;
        var keyword = Take().Text;
        var head = Head(Name($"the name of the {keyword}"), docs, gate);
        Add(scope, keyword switch
        {
            "type" => Alias(head),
            "record" => Record(head),
            "variant" => new WitVariant(head, Cases(head, keyword, withValues: true)),
            "enum" => new WitEnum(head, Cases(head, keyword, withValues: false)),
            "flags" => new WitFlags(head, Cases(head, keyword, withValues: false)),
            _ => Resource(head),
        });
        return true;
    }

    void Add(WitScope scope, WitDefinition definition)
    {
        if (!IsLeftOut(definition.Head) && scope.TryAdd(definition) is { } before)
            throw Twice(definition.Head.Position, definition.Name, before.Head);
    }

    void Use(WitScope scope, WitGate? gate)
    {
        Take();
        var path = Path();
        Expect(".", $"`.{{` and the types to use of `{path}`");
        Expect("{", $"`{{` and the types to use of `{path}`");
        var before = scope.Definitions.Count;
        Separated("}", "the types of `use`", () =>
        {
            var name = Name("a type's name");
            var here = TryTake("as") ? Name("another name for the type") : name;
            Add(scope, new WitUse(Head(here, null, gate), path, name.Text));
        });
        if (scope.Definitions.Count == before && _features.Has(gate))
            throw Wrong(path.Position, $"`use {path}` names no type: write one between the braces");
        Expect(";", "`;` behind `use`");
    }

    WitAlias Alias(WitHead head)
    {
        Expect("=", $"`=` behind `type {head.Name}`");
        var type = Type(1);
        Expect(";", $"`;` behind type `{head.Name}`");
        return new(head, type);
    }

    WitRecord Record(WitHead head)
    {
        Expect("{", $"`{{` behind record `{head.Name}`");
        var fields = Fields("}", $"the fields of record `{head.Name}`");
        return fields.Count > 0 ? new(head, fields) : throw Wrong(head.Position, $"record `{head.Name}` has no field: write one", WitMistake.Meaning);
    }

    List<WitField> Fields(string end, string what)
    {
        var fields = new List<WitField>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Separated(end, what, () =>
        {
            var docs = _token.Docs;
            var name = Name("a name");
            if (!names.Add(name.Text))
                throw Wrong(name.Position, $"`{name.Text}` is twice among {what}: give one another name", WitMistake.Meaning);
            Expect(":", $"`:` and a type behind `{name.Text}`");
            fields.Add(new(name.Text, Type(1), name.Position, docs));
        });
        return fields;
    }

    List<WitCase> Cases(WitHead head, string keyword, bool withValues)
    {
        Expect("{", $"`{{` behind {keyword} `{head.Name}`");
        var cases = new List<WitCase>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Separated("}", $"{keyword} `{head.Name}`", () =>
        {
            var docs = _token.Docs;
            var name = Name("a name");
            if (!names.Add(name.Text))
                throw Wrong(name.Position, $"`{name.Text}` is twice in {keyword} `{head.Name}`: give one another name", WitMistake.Meaning);
            WitExpression? value = null;
            if (_token.Is("("))
            {
                if (!withValues)
                    throw Wrong(_token.Position, $"a case of {keyword} `{head.Name}` has no value: remove it, or write a variant");
                Take();
                value = Type(1);
                Expect(")", $"`)` behind the type of case `{name.Text}`");
            }

            cases.Add(new(name.Text, value, name.Position, docs));
        });
        if (cases.Count == 0)
            throw Wrong(head.Position, $"{keyword} `{head.Name}` is empty: write at least one name", WitMistake.Meaning);
        return keyword == "flags" && cases.Count > 32
            ? throw Wrong(head.Position, $"flags `{head.Name}` are {cases.Count} and may be 32: divide them among several", WitMistake.Meaning)
            : cases;
    }

    WitResource Resource(WitHead head)
    {
        var functions = new List<WitFunction>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (!TryTake(";"))
        {
            Expect("{", $"`;` or `{{` behind resource `{head.Name}`");
            while (!TryTake("}"))
            {
                var docs = _token.Docs;
                var gate = Gate();
                var isConstructor = _token.Is("constructor");
                var name = isConstructor ? Take() : Name("a function of the resource, or `constructor`");
                var function = isConstructor
                    ? Constructor(Head(name, docs, gate))
                    : Function(Head(name, docs, gate), WitFunctionKind.Method);
                Expect(";", $"`;` behind `{name.Text}` of resource `{head.Name}`");
                if (IsLeftOut(function.Head))
                    continue;
                if (!names.Add(isConstructor ? "[constructor]" : name.Text))
                    throw Wrong(name.Position, $"resource `{head.Name}` has `{name.Text}` twice: remove one, or give it another name", WitMistake.Meaning);
                functions.Add(function);
            }
        }

        var resource = new WitResource(head, functions);
        foreach (var function in functions)
            function.Resource = resource;
        return resource;
    }

    WitFunction Constructor(WitHead head)
    {
        Expect("(", "`(` behind `constructor`");
        var parameters = Fields(")", "the parameters of the constructor");
        return new(head, WitFunctionKind.Constructor, false, parameters, TryTake("->") ? Type(1) : null);
    }

    WitFunction Function(WitHead head, WitFunctionKind kind)
    {
        Expect(":", $"`: func(...)` behind `{head.Name}`");
        return FunctionType(head, kind == WitFunctionKind.Method && TryTake("static") ? WitFunctionKind.Static : kind);
    }

    WitFunction FunctionType(WitHead head, WitFunctionKind kind)
    {
        var isAsync = TryTake("async");
        Expect("func", kind == WitFunctionKind.Free ? "`func`" : "`func` or `static func`");
        Expect("(", "`(` behind `func`");
        var parameters = Fields(")", $"the parameters of `{head.Name}`");
        if (!TryTake("->"))
            return new(head, kind, isAsync, parameters, null);
        return _token.Is("(")
            ? throw Wrong(_token.Position, $"`{head.Name}` can give one value without a name: write the type alone, or a tuple or record for several")
            : new(head, kind, isAsync, parameters, Type(1));
    }

    WitExpression Type(int depth)
    {
        if (depth > WitLimits.Depth)
            throw Wrong(_token.Position, $"types are more than {WitLimits.Depth} deep within one another: give a part of this one a name and fewer parts");
        if (_token.Kind != WitTokenKind.Identifier)
            throw Expected("a type");
        var token = Take();
        if (token.IsExplicit)
            return new WitExpression.Named(new(token.Text, token.Position));
        switch (token.Text)
        {
            case "bool" or "s8" or "u8" or "s16" or "u16" or "s32" or "u32" or "s64" or "u64" or "f32" or "f64" or "char" or "string" or "error-context":
                return new WitExpression.Primitive(token.Text);
            case "list":
                return InAngles(token, () => new WitExpression.List(Type(depth + 1), TryTake(",") ? Length() : null));
            case "option":
                return InAngles(token, () => new WitExpression.Option(Type(depth + 1)));
            case "tuple":
                return Tuple(token, depth);
            case "result":
                return _token.Is("<") ? InAngles(token, () => Result(depth)) : new WitExpression.Result(null, null);
            case "map":
                return InAngles(token, () => Map(depth));
            case "stream" or "future":
                return _token.Is("<")
                    ? InAngles(token, () => new WitExpression.Channel(TryTake("_") ? null : Type(depth + 1), token.Text == "future"))
                    : new WitExpression.Channel(null, token.Text == "future");
            case "own" or "borrow":
                return InAngles<WitExpression>(token, () => Name("the name of a resource") is var name && token.Text == "own"
                    ? new WitExpression.Named(new(name.Text, name.Position), IsOwn: true)
                    : new WitExpression.Borrow(new(name.Text, name.Position)));
            case "float32" or "float64":
                throw Wrong(token.Position, $"`{token.Text}` is an old name: write `f{token.Text.Substring(5)}`");
            default:
                return WitLabel.IsKeyword(token.Text)
                    ? throw Wrong(token.Position, $"expected a type, found the keyword `{token.Text}`: as a type's name it is written `%{token.Text}`")
                    : new WitExpression.Named(new(token.Text, token.Position));
        }
    }

    T InAngles<T>(WitToken keyword, Func<T> read)
    {
        Expect("<", $"`<` behind `{keyword.Text}`");
        var type = read();
        Expect(">", $"`>` at the end of `{keyword.Text}<...`");
        return type;
    }

    uint? Length()
    {
        if (_token.Kind != WitTokenKind.Integer || !uint.TryParse(_token.Text, out var length) || length == 0)
            throw Expected("how many elements the list always has, from 1 to 4294967295");
        Take();
        return length;
    }

    WitExpression.Tuple Tuple(WitToken token, int depth)
    {
        var items = new List<WitExpression>();
        Expect("<", "`<` behind `tuple`");
        Separated(">", "the tuple", () => items.Add(Type(depth + 1)));
        return items.Count > 0 ? new(items) : throw Wrong(token.Position, "the tuple is empty: write at least one type", WitMistake.Meaning);
    }

    WitExpression.Result Result(int depth)
    {
        var ok = TryTake("_") ? null : Type(depth + 1);
        return new(ok, TryTake(",") ? Type(depth + 1) : null);
    }

    WitExpression.Map Map(int depth)
    {
        var position = _token.Position;
        var key = Type(depth + 1);
        if (key is not WitExpression.Primitive { Keyword: not ("f32" or "f64" or "error-context") })
            throw Wrong(position, "the key of a map is an integer, `bool`, `char` or `string`: write one of those", WitMistake.Meaning);
        Expect(",", "`,` and the type of values behind the key of `map<`");
        return new(key, Type(depth + 1));
    }
}
