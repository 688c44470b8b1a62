namespace Allotrope.Wasm;

/// <summary>
/// A type that modules define: of functions, structs or arrays. Types are interned by the group they were defined with: equal groups (the same
/// definitions in the same order, references within the group being to the same places) give the same objects for as long as anybody holds one,
/// so that types of different modules are compared by identity.
/// </summary>
public abstract class DefinedType
{
    static int _lastId;

    /// <summary>Keeps the types this was defined together with; they refer to one another.</summary>
    DefinedType[] _group = [];

    private protected DefinedType() => Id = Interlocked.Increment(ref _lastId);

    /// <summary>The type this one extends, or null.</summary>
    public DefinedType? Supertype { get; private set; }

    /// <summary>Whether no type may extend it.</summary>
    public bool IsFinal { get; private set; } = true;

    /// <summary>FuncRef, StructRef or ArrayRef.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>The same number for the same type, never given out again; what compiled code compares.</summary>
    internal int Id { get; }

    /// <summary>
    /// The ids of the supertypes from the root down, then the type's own, then zeros up to <see cref="ShortDepth"/>. A supertype is where its own
    /// depth says, so compiled code looks at one place to know whether an object is of a type.
    /// </summary>
    internal int[] Ancestors = [];

    /// <summary>Places that every list of ancestors has.</summary>
    internal const int ShortDepth = 8;

    /// <summary>How many supertypes it has.</summary>
    internal int Depth { get; private set; }

    /// <summary>Whether every value of this type is one of <paramref name="other"/>.</summary>
    public bool IsSubtypeOf(DefinedType other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this == other || Casts.Has(this, other.Id, other.Depth);
    }

    internal void Place(DefinedType[] group, DefinedType? super, bool isFinal)
    {
        _group = group;
        IsFinal = isFinal;
        Supertype = super;
        Depth = super is null ? 0 : super.Depth + 1;
        Ancestors = new int[Math.Max(Depth + 1, ShortDepth)];
        super?.Ancestors.AsSpan(0, Depth).CopyTo(Ancestors);
        Ancestors[Depth] = Id;
    }

    /// <summary>Takes what the sketch says, now that all types of the group exist.</summary>
    internal abstract void Complete(TypeSketch sketch, DefinedType[] group);

    /// <summary>Whether its contents allow it to extend <paramref name="super"/>.</summary>
    internal abstract bool Extends(DefinedType super);
}
