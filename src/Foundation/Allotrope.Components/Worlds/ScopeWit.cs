using Allotrope.Components.Wit;

namespace Allotrope.Components;

/// <summary>Writes the types and functions of one interface or world.</summary>
sealed class ScopeWit(WitScope scope, TypeOwners owners)
{
    readonly Dictionary<TypeDefinition, string> _names = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<ResourceIdentity, string> _resources = [];
    readonly List<(string Name, WitHead Head)> _own = [];
    readonly Dictionary<string, List<WitFunction>> _members = [];
    readonly Dictionary<string, WitPath> _sources = [];
    readonly List<WitFunction> _functions = [];

    internal void Add(string name, ComponentExternType type)
    {
        switch (type)
        {
            case ComponentExternType.Bound { Is: WitType or ResourceType } bound:
                Type(name, bound.Is);
                break;
            case ComponentExternType.Func { Type: var function } when ExternName.Parse(name, out _) is { } parsed:
                Function(parsed, function);
                break;
        }
    }

    /// <summary>Puts what was collected into the interface or world, resources with their functions.</summary>
    internal void Finish()
    {
        foreach (var (name, head) in _own)
            scope.TryAdd(new WitResource(head, _members.GetValueOrDefault(name) ?? []));
        foreach (var function in _functions)
            ((WitInterface)scope).Add(function);
    }

    internal WitFunction Function(WitHead head, WitFunctionKind kind, ComponentFunctionType type, int skip) => new(
        head, kind, type.IsAsync,
        [.. type.Parameters.Skip(skip).Select(parameter => new WitField(parameter.Name, Expression(parameter.Type), default, null))],
        type.Result is null || (kind == WitFunctionKind.Constructor && type.Result is HandleType) ? null : Expression(type.Result));

    void Function(ExternName name, ComponentFunctionType type)
    {
        var kind = name.Form switch
        {
            NameForm.Constructor => WitFunctionKind.Constructor,
            NameForm.Method => WitFunctionKind.Method,
            NameForm.Static => WitFunctionKind.Static,
            _ => WitFunctionKind.Free,
        };
        var function = Function(new(name.Member ?? (kind == WitFunctionKind.Constructor ? "constructor" : name.Text), default), kind, type, kind == WitFunctionKind.Method ? 1 : 0);
        if (kind == WitFunctionKind.Free)
            _functions.Add(function);
        else if (_members.TryGetValue(name.Resource!, out var members))
            members.Add(function);
        else
            _members.Add(name.Resource!, [function]);
    }

    void Type(string name, TypeDefinition type)
    {
        var head = new WitHead(name, default);
        var owner = owners.Find(type);
        if (owner is { } known && known.Scope != scope)
            scope.TryAdd(new WitUse(head, SourceOf(known.Scope), known.Name));
        else if (owner is { } here)
            scope.TryAdd(new WitAlias(head, new WitExpression.Named(new(here.Name, default))));
        else if (type is ResourceType)
            _own.Add((name, head));
        else
            scope.TryAdd(Definition(head, (WitType)type));
        Know(name, type);
        owners.Add(type, scope, name);
    }

    void Know(string name, TypeDefinition type)
    {
        if (type is ResourceType resource)
            _resources.TryAdd(resource.Identity, name);
        else if (type is not PrimitiveType)
            _names.TryAdd(type, name);
    }

    /// <summary>One path for all types that are used of an interface, so that they are written together.</summary>
    WitPath SourceOf(WitScope source)
    {
        if (!_sources.TryGetValue(source.FullName, out var path))
            _sources.Add(source.FullName, path = WitPath.To(source));
        return path;
    }

    WitDefinition Definition(WitHead head, WitType type) => type switch
    {
        RecordType { IsTuple: false } record => new WitRecord(head, [.. record.Labels.Select((label, i) => new WitField(label, Expression(record.Types[i]), default, null))]),
        VariantType { Form: VariantForm.Variant } variant => new WitVariant(head, [.. variant.Cases.Select(each => new WitCase(each.Label, each.Type is null ? null : Expression(each.Type), default, null))]),
        VariantType { Form: VariantForm.Enum } cases => new WitEnum(head, [.. cases.Cases.Select(each => new WitCase(each.Label, null, default, null))]),
        FlagsType flags => new WitFlags(head, [.. flags.Labels.Select(label => new WitCase(label, null, default, null))]),
        _ => new WitAlias(head, Structure(type)),
    };

    /// <summary>Recursion follows types within types, whose depth is bounded.</summary>
    WitExpression Expression(WitType type) => _names.TryGetValue(type, out var name) ? new WitExpression.Named(new(name, default)) : Structure(type);

    WitExpression Structure(WitType type) => type switch
    {
        PrimitiveType => new WitExpression.Primitive($"{type}"),
        ListType list => new WitExpression.List(Expression(list.Element), list.Length),
        RecordType { IsTuple: true } tuple => new WitExpression.Tuple([.. tuple.Types.Select(Expression)]),
        VariantType { Form: VariantForm.Option } option => new WitExpression.Option(Expression(option.Cases[1].Type!)),
        VariantType { Form: VariantForm.Result } result => new WitExpression.Result(Optional(result.Cases[0].Type), Optional(result.Cases[1].Type)),
        ChannelType channel => new WitExpression.Channel(Optional(channel.Element), channel.IsFuture),
        HandleType { IsBorrow: true } lent => new WitExpression.Borrow(new(NameOf(lent.Resource), default)),
        HandleType own => new WitExpression.Named(new(NameOf(own.Resource), default)),
        _ => new WitExpression.Named(new(NameOf(type), default)),
    };

    WitExpression? Optional(WitType? type) => type is null ? null : Expression(type);

    /// <summary>The name here of a type that needs one; what has none here gets one.</summary>
    string NameOf(TypeDefinition type)
    {
        if (type is ResourceType resource ? _resources.TryGetValue(resource.Identity, out var known) : _names.TryGetValue(type, out known))
            return known;
        var name = owners.Find(type)?.Name ?? "unnamed";
        for (var (free, i) = (name, 1); scope.FindDefinition(name) is not null || _own.Exists(own => own.Name == name); i++)
            name = $"{free}-{i}";
        Type(name, type);
        return name;
    }
}
