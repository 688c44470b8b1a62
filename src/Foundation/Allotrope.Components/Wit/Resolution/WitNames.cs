namespace Allotrope.Components.Wit;

/// <summary>Finds the types that are named in one interface or world, once those it uses types of are resolved.</summary>
static class WitNames
{
    internal static void Resolve(WitScope scope, List<(WitUnit Unit, WitPackage Package)> units)
    {
        foreach (var use in scope.Definitions.OfType<WitUse>())
        {
            use.Target = use.Source.Target.FindDefinition(use.Original)
                ?? throw Wrong(use.Head.Position, LeftOut(units, use.Source.Target, use.Original) ?? $"interface `{use.Source.Target}` has no type `{use.Original}`: correct the name, or define it there");
        }

        var functions = scope.Definitions.OfType<WitResource>().SelectMany(resource => resource.Functions).Concat(FunctionsOf(scope)).ToList();
        foreach (var part in scope.Definitions.SelectMany(definition => definition.Parts).Concat(functions.SelectMany(PartsOf)))
            Find(scope, part, units);
        var order = WitOrder.Sort(
            scope.Definitions,
            definition => definition.Parts.SelectMany(Named),
            definition => Wrong(definition.Head.Position, $"type `{definition.Name}` would contain itself, and values would have no end: refer to what repeats by a resource or by its place in a list"));
        foreach (var definition in order)
            Measure(definition);
        foreach (var function in functions)
            Check(function);
    }

    static IEnumerable<WitFunction> FunctionsOf(WitScope scope) => scope switch
    {
        WitInterface @interface => @interface.Functions,
        WitWorld world => world.Written.Select(item => item.Function).OfType<WitFunction>(),
        _ => [],
    };

    static IEnumerable<WitExpression> PartsOf(WitFunction function) =>
        function.Parameters.Select(parameter => parameter.Type).Concat(function.Result is null ? [] : new[] { function.Result });

    /// <summary>Recursion follows types within types, whose depth the parser has bounded.</summary>
    static void Find(WitScope scope, WitExpression type, List<(WitUnit Unit, WitPackage Package)> units)
    {
        var name = type switch
        {
            WitExpression.Named named => named.Name,
            WitExpression.Borrow borrow => borrow.Resource,
            _ => null,
        };
        if (name is not null)
        {
            name.Target = scope.FindDefinition(name.Text)
                ?? throw Wrong(name.Position, LeftOut(units, scope, name.Text) ?? $"there is no type `{name.Text}` in {scope.Sort} `{scope.Name}`: define it, or take it from another interface by `use`");
            if (type is WitExpression.Borrow or WitExpression.Named { IsOwn: true } && name.Target.Origin is not WitResource)
                throw Wrong(name.Position, $"`{name.Text}` is no resource, and only of resources there are handles: write `{name.Text}` alone");
        }

        foreach (var part in type.Parts)
            Find(scope, part, units);
    }

    /// <summary>The definitions that a type names.</summary>
    internal static IEnumerable<WitDefinition> Named(WitExpression type) => type switch
    {
        WitExpression.Named named => [named.Name.Target],
        WitExpression.Borrow => [],
        _ => type.Parts.SelectMany(Named),
    };

    static void Measure(WitDefinition definition)
    {
        if (definition is WitUse { Target: var target })
            (definition.Depth, definition.HasBorrow) = (target.Depth, target.HasBorrow);
        else
            (definition.Depth, definition.HasBorrow) = (1 + definition.Parts.Select(DepthOf).DefaultIfEmpty(0).Max(), definition.Parts.Any(HasBorrow));
        if (definition.Depth > WitLimits.Depth)
            throw Wrong(definition.Head.Position, $"type `{definition.Name}` has types within types more than {WitLimits.Depth} deep: make it flatter");
    }

    static int DepthOf(WitExpression type) => type switch
    {
        WitExpression.Named named => named.Name.Target.Depth,
        _ => 1 + type.Parts.Select(DepthOf).DefaultIfEmpty(0).Max(),
    };

    internal static bool HasBorrow(WitExpression type) => type switch
    {
        WitExpression.Borrow => true,
        WitExpression.Named named => named.Name.Target.HasBorrow,
        _ => type.Parts.Any(HasBorrow),
    };

    static void Check(WitFunction function)
    {
        if (function.Result is not { } result)
            return;
        if (HasBorrow(result))
            throw Wrong(function.Head.Position, $"`{function.Name}` gives a handle that is lent, which has an end with the call: give the owner's handle, without `borrow`");
        if (function.Kind == WitFunctionKind.Constructor && !IsOwn(result, function.Resource!) && !(result is WitExpression.Result { Ok: { } ok } && IsOwn(ok, function.Resource!)))
            throw Wrong(function.Head.Position, $"a constructor gives its resource or `result<{function.Resource!.Name}, ...>`: write that, or a static function");
    }

    static bool IsOwn(WitExpression type, WitResource resource) => type is WitExpression.Named named && named.Name.Target.Origin == resource;

    static string? LeftOut(List<(WitUnit Unit, WitPackage Package)> units, WitScope scope, string name) =>
        units.Where(each => each.Package == scope.Package && each.Unit.File == scope.Head.Position.File).Select(each => WitResolver.LeftOut(each.Unit, name)).FirstOrDefault(text => text is not null);

    static WitException Wrong(WitPosition position, string problem) => new(position, problem, WitMistake.Meaning);
}
