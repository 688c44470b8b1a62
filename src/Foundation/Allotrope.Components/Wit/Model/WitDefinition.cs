namespace Allotrope.Components.Wit;

/// <summary>A type with a name.</summary>
public abstract class WitDefinition(WitHead head)
{
    public string Name => Head.Name;

    public WitHead Head { get; } = head;

    /// <summary>The interface or world that it is written in.</summary>
    public WitScope Scope { get; internal set; } = null!;

    /// <summary>The types that values of it are made of.</summary>
    public virtual IEnumerable<WitExpression> Parts => [];

    /// <summary>Types within types, itself included; known once it is resolved.</summary>
    internal int Depth { get; set; }

    /// <summary>Whether values of it lend a resource; known once it is resolved.</summary>
    public bool HasBorrow { get; internal set; }

    /// <summary>The definition behind names alone: that of a <c>use</c>, or of a <c>type a = b</c>.</summary>
    public WitDefinition Origin
    {
        get
        {
            var definition = this;
            while (true)
            {
                switch (definition)
                {
                    case WitUse use:
                        definition = use.Target;
                        break;
                    case WitAlias { Type: WitExpression.Named named }:
                        definition = named.Name.Target;
                        break;
                    default:
                        return definition;
                }
            }
        }
    }

    public override string ToString() => Name;
}

/// <summary>Another name for a type.</summary>
public sealed class WitAlias(WitHead head, WitExpression type) : WitDefinition(head)
{
    public WitExpression Type { get; } = type;

    public override IEnumerable<WitExpression> Parts => [Type];
}

/// <summary>A type taken from another interface.</summary>
/// <param name="head">Its name here.</param>
/// <param name="source">Names the interface.</param>
/// <param name="original">Its name there.</param>
public sealed class WitUse(WitHead head, WitPath source, string original) : WitDefinition(head)
{
    public WitPath Source { get; } = source;

    public string Original { get; } = original;

    /// <summary>The type there.</summary>
    public WitDefinition Target { get; internal set; } = null!;
}

/// <summary>Named values of one type each.</summary>
public sealed class WitRecord(WitHead head, IReadOnlyList<WitField> fields) : WitDefinition(head)
{
    public IReadOnlyList<WitField> Fields { get; } = fields;

    public override IEnumerable<WitExpression> Parts => Fields.Select(each => each.Type);
}

/// <summary>One of several cases, each with a value or without.</summary>
public sealed class WitVariant(WitHead head, IReadOnlyList<WitCase> cases) : WitDefinition(head)
{
    public IReadOnlyList<WitCase> Cases { get; } = cases;

    public override IEnumerable<WitExpression> Parts => Cases.Select(each => each.Type).OfType<WitExpression>();
}

/// <summary>One of several names.</summary>
public sealed class WitEnum(WitHead head, IReadOnlyList<WitCase> cases) : WitDefinition(head)
{
    /// <summary>The names, none with a value.</summary>
    public IReadOnlyList<WitCase> Cases { get; } = cases;
}

/// <summary>A set of several names.</summary>
public sealed class WitFlags(WitHead head, IReadOnlyList<WitCase> flags) : WitDefinition(head)
{
    /// <summary>The names, none with a value.</summary>
    public IReadOnlyList<WitCase> Flags { get; } = flags;
}

/// <summary>Something that is known by handles alone.</summary>
public sealed class WitResource(WitHead head, IReadOnlyList<WitFunction> functions) : WitDefinition(head)
{
    /// <summary>Its constructor, methods and static functions.</summary>
    public IReadOnlyList<WitFunction> Functions { get; } = functions;
}

/// <summary>A field of a record, or a parameter of a function.</summary>
public sealed record WitField(string Name, WitExpression Type, WitPosition Position, string? Docs);

/// <summary>A case of a variant, an enumeration or a set of flags, with the type of its value if it has one.</summary>
public sealed record WitCase(string Name, WitExpression? Type, WitPosition Position, string? Docs);
