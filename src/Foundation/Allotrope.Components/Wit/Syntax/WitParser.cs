namespace Allotrope.Components.Wit;

/// <summary>Reads one WIT file. Only types within types are followed by recursion, as deep as <see cref="WitLimits.Depth"/>.</summary>
sealed partial class WitParser
{
    readonly string _file;
    readonly WitLexer _lexer;
    readonly WitFeatures _features;
    WitToken _token;
    WitUnit _unit = null!;

    WitParser(string file, string text, WitFeatures features)
    {
        (_file, _features) = (file, features);
        _lexer = new(file, text);
        _token = _lexer.Next();
    }

    /// <summary>What a file says: of the package of its folder first, then of packages written within it.</summary>
    /// <exception cref="WitException">The file is not WIT.</exception>
    internal static List<WitUnit> Parse(string file, string text, WitFeatures features) => new WitParser(file, text, features).File();

    List<WitUnit> File()
    {
        var nested = new List<WitUnit>();
        WitUnit? main = null;
        while (_token.Kind != WitTokenKind.End)
        {
            if (!_token.Is("package"))
            {
                _unit = main ??= new(_file, null, _token.Position, null);
                PackageItem();
                continue;
            }

            var (docs, position) = (_token.Docs, Take().Position);
            var name = PackageName();
            if (TryTake(";"))
            {
                if (main is not null)
                    throw Wrong(position, "a package is named first of all in a file: move this line up, or write `package ... { }` around what belongs to it");
                main = new(_file, name, position, docs);
                continue;
            }

            Expect("{", $"`;`, or `{{` for a package within the file, behind the name of package {name}");
            _unit = new(_file, name, position, docs);
            nested.Add(_unit);
            while (!TryTake("}"))
                PackageItem();
        }

        return [main ?? new(_file, null, new(_file, 1, 1), null), .. nested];
    }

    void PackageItem()
    {
        var docs = _token.Docs;
        var gate = Gate();
        if (_token.Is("use"))
            TopLevelUse();
        else if (_token.Is("interface"))
            Interface(docs, gate);
        else if (_token.Is("world"))
            World(docs, gate);
        else
            throw Expected("`interface`, `world`, `use` or `package`");
    }

    WitPackageName PackageName()
    {
        var namespaces = Name("the package's namespace, as in `wasi:io`").Text;
        Expect(":", "`:` and the package's name behind its namespace, as in `wasi:io`");
        var name = Name("the package's name").Text;
        while (TryTake(":"))
        {
            namespaces += ":" + name;
            name = Name("the package's name").Text;
        }

        while (TryTake("/"))
            name += "/" + Name("the nested package's name").Text;
        return new(namespaces, name, OptionalVersion());
    }

    string? OptionalVersion()
    {
        if (!_token.Is("@"))
            return null;
        var version = _lexer.Version();
        Take();
        return version;
    }

    void TopLevelUse()
    {
        Take();
        var path = Path();
        var name = TryTake("as") ? Name("another name for the interface") : new(WitTokenKind.Identifier, path.Name, path.Position, 0, 0, false, null);
        Expect(";", "`;` behind `use`");
        if (_unit.Uses.ContainsKey(name.Text))
            throw Wrong(name.Position, $"`{name.Text}` is used twice in this file: give one another name by `as`", WitMistake.Meaning);
        _unit.Uses.Add(name.Text, path);
    }

    /// <summary>What is written of an interface's or world's place: a name of the package, or <c>namespace:package/name@version</c>.</summary>
    WitPath Path() => PathFrom(Name("the name of an interface or world"));

    WitPath PathFrom(WitToken first)
    {
        if (!_token.Is(":"))
            return new(null, first.Text, first.Position);
        var names = new List<string> { first.Text };
        while (TryTake(":"))
            names.Add(Name("a package's name").Text);
        var last = names[names.Count - 1];
        names.RemoveAt(names.Count - 1);
        var name = "";
        if (!_token.Is("/"))
            throw Expected($"`/` and the name of an interface or world behind package `{first.Text}:{last}`");
        while (TryTake("/"))
        {
            if (name.Length > 0)
                last += "/" + name;
            name = Name("the name of an interface or world").Text;
        }

        return new(new(string.Join(":", names), last, OptionalVersion()), name, first.Position);
    }

    WitGate? Gate()
    {
        if (!_token.Is("@"))
            return null;
        string? since = null, feature = null, deprecated = null, externalId = null;
        var position = _token.Position;
        while (TryTake("@"))
        {
            var kind = Name("`since`, `unstable`, `deprecated` or `external-id`", keywords: true);
            Expect("(", $"`(` behind `@{kind.Text}`");
            if (kind.Text == "external-id")
                externalId = _token.Kind == WitTokenKind.Text ? Take().Text : throw Expected("a string");
            else if (kind.Text == "unstable")
                feature = Argument("feature", () => Name("the feature's name", keywords: true).Text);
            else if (kind.Text == "since")
                since = Argument("version", null);
            else if (kind.Text == "deprecated")
                deprecated = Argument("version", null);
            else
                throw Wrong(kind.Position, $"`@{kind.Text}` is not known: there are `@since`, `@unstable`, `@deprecated` and `@external-id`");
            Expect(")", $"`)` behind what `@{kind.Text}` says");
        }

        return since is not null && feature is not null
            ? throw Wrong(position, "something is either `@since` a version or `@unstable`: remove one of the two", WitMistake.Meaning)
            : new(since, feature, deprecated, externalId);
    }

    /// <param name="name">What must come before <c>=</c>.</param>
    /// <param name="read">Reads what comes behind it; a version when null, which is no word like others.</param>
    string Argument(string name, Func<string>? read)
    {
        if (!_token.Is(name))
            throw Expected($"`{name} =`");
        Take();
        if (!_token.Is("="))
            throw Expected($"`=` behind `{name}`");
        if (read is null)
        {
            var version = _lexer.Version();
            Take();
            return version;
        }

        Take();
        return read();
    }

    /// <summary>Whether to leave it out, as nobody asked for its feature.</summary>
    bool IsLeftOut(WitHead head)
    {
        if (_features.Has(head.Gate))
            return false;
        _unit.LeftOut[head.Name] = head.Gate!.Feature!;
        return true;
    }

    static WitHead Head(WitToken name, string? docs, WitGate? gate) => new(name.Text, name.Position, docs, gate);

    WitToken Name(string what, bool keywords = false)
    {
        if (_token.Kind != WitTokenKind.Identifier)
            throw Expected(what);
        if (!keywords && !_token.IsExplicit && WitLabel.IsKeyword(_token.Text))
            throw Wrong(_token.Position, $"expected {what}, found the keyword `{_token.Text}`: as a name it is written `%{_token.Text}`");
        return Take();
    }

    WitToken Take()
    {
        var token = _token;
        _token = _lexer.Next();
        return token;
    }

    bool TryTake(string text)
    {
        if (!_token.Is(text))
            return false;
        Take();
        return true;
    }

    void Expect(string text, string what)
    {
        if (!TryTake(text))
            throw Expected(what);
    }

    WitException Expected(string what) => Wrong(_token.Position, $"expected {what}, found {_token}");

    static WitException Wrong(WitPosition position, string problem, WitMistake kind = WitMistake.Text) => new(position, problem, kind);
}
