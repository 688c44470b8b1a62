namespace Allotrope.Components.Wit;

// Interfaces and worlds.
sealed partial class WitParser
{
    void Interface(string? docs, WitGate? gate)
    {
        Take();
        var @interface = new WitInterface(Head(Name("the interface's name"), docs, gate));
        InterfaceItems(@interface);
        if (!IsLeftOut(@interface.Head))
            _unit.Items.Add(@interface);
    }

    void InterfaceItems(WitInterface @interface)
    {
        Expect("{", $"`{{` behind interface `{@interface.Name}`");
        var functions = new Dictionary<string, WitFunction>(StringComparer.OrdinalIgnoreCase);
        while (!TryTake("}"))
        {
            var docs = _token.Docs;
            var gate = Gate();
            if (TryDefinition(@interface, docs, gate))
                continue;
            var name = Name("a type, a function or `use`");
            var function = Function(Head(name, docs, gate), WitFunctionKind.Free);
            Expect(";", $"`;` behind function `{name.Text}`");
            if (IsLeftOut(function.Head))
                continue;
            if (functions.TryGetValue(name.Text, out var before))
                throw Twice(name.Position, name.Text, before.Head);
            functions.Add(name.Text, function);
            @interface.Add(function);
        }

        foreach (var definition in @interface.Definitions)
        {
            if (functions.TryGetValue(definition.Name, out var before))
                throw Twice(definition.Head.Position, definition.Name, before.Head);
        }
    }

    void World(string? docs, WitGate? gate)
    {
        Take();
        var world = new WitWorld(Head(Name("the world's name"), docs, gate));
        Expect("{", $"`{{` behind world `{world.Name}`");
        while (!TryTake("}"))
        {
            docs = _token.Docs;
            gate = Gate();
            if (_token.Is("import") || _token.Is("export"))
                WorldItem(world, docs, gate);
            else if (TryTake("include"))
                Include(world, gate);
            else if (!TryDefinition(world, docs, gate))
                throw Expected("`import`, `export`, `include`, `use` or a type");
        }

        if (!IsLeftOut(world.Head))
            _unit.Items.Add(world);
    }

    void WorldItem(WitWorld world, string? docs, WitGate? gate)
    {
        var word = Take();
        var isExport = word.Text == "export";
        var name = Name($"the name of a function or interface to {word.Text}");
        WitWorldItem item;
        // `a:b/c` is the name of an interface, `a: b` gives one a name of the world's own.
        var colon = _token;
        if (!colon.Is(":"))
        {
            item = new(new(name.Text, name.Position, docs, gate), isExport, null, new(null, name.Text, name.Position), false);
        }
        else
        {
            var before = _token;
            Take();
            if (colon.Start == name.End && _token.Start == colon.End && _token.Kind == WitTokenKind.Identifier && (_token.IsExplicit || !WitLabel.IsKeyword(_token.Text)))
            {
                var path = PathBehind(name);
                item = new(new(path.Name, name.Position, docs, gate), isExport, null, path, false);
            }
            else
            {
                item = PlainItem(world, new(name.Text, name.Position, docs, gate), isExport);
            }
        }

        if (item.Function is not null || item.Interface!.Target is null)
            Expect(";", $"`;` behind `{word.Text} {name.Text}`");
        if (!_features.Has(gate))
            return;
        world.Add(item);
    }

    /// <summary>A path whose first name and colon have been read.</summary>
    WitPath PathBehind(WitToken first)
    {
        var second = Name("a package's name");
        var names = new List<string> { first.Text, second.Text };
        while (TryTake(":"))
            names.Add(Name("a package's name").Text);
        var package = names[names.Count - 1];
        names.RemoveAt(names.Count - 1);
        var name = "";
        if (!_token.Is("/"))
            throw Expected($"`/` and the name of an interface behind package `{first.Text}:{second.Text}`, which cannot be imported or exported itself (a name of the world's own is followed by `: `),");
        while (TryTake("/"))
        {
            if (name.Length > 0)
                package += "/" + name;
            name = Name("the name of an interface").Text;
        }

        return new(new(string.Join(":", names), package, OptionalVersion()), name, first.Position);
    }

    WitWorldItem PlainItem(WitWorld world, WitHead head, bool isExport)
    {
        if (_token.Is("func") || _token.Is("async"))
            return new(head, isExport, FunctionType(head, WitFunctionKind.Free), null, true);
        if (!TryTake("interface"))
            return new(head, isExport, null, Path(), true);
        var inline = new WitInterface(head, world);
        InterfaceItems(inline);
        return new(head, isExport, null, new(null, head.Name, head.Position) { Target = inline }, true);
    }

    void Include(WitWorld world, WitGate? gate)
    {
        var path = Path();
        var renames = new List<WitRename>();
        if (TryTake("with"))
        {
            Expect("{", "`{` behind `with`");
            Separated("}", "the renames of `include`", () =>
            {
                var name = Name("a name of the included world");
                Expect("as", $"`as` and another name behind `{name.Text}`");
                renames.Add(new(name.Text, Name("another name").Text, name.Position));
            });
            TryTake(";");
        }
        else
        {
            Expect(";", $"`;` or `with` behind `include {path}`");
        }

        if (_features.Has(gate))
            world.Add(new WitInclude(path, renames, gate));
    }

    /// <summary>Items separated by commas, a last one allowed, up to the end, which is taken too.</summary>
    void Separated(string end, string what, Action item)
    {
        while (!TryTake(end))
        {
            item();
            if (TryTake(","))
                continue;
            Expect(end, $"`,` or `{end}` in {what}");
            return;
        }
    }

    static WitException Twice(WitPosition position, string name, WitHead before) =>
        Wrong(position, $"`{name}` is already there as `{before.Name}` in line {before.Position.Line}: give one another name (capitals do not tell names apart)", WitMistake.Meaning);
}
