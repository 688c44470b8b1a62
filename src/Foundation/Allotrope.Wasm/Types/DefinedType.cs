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
    public DefinedType? Supertype => Display is [.., var super, _] ? super : null;

    /// <summary>Whether no type may extend it.</summary>
    public bool IsFinal { get; private set; } = true;

    /// <summary>FuncRef, StructRef or ArrayRef.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>The same number for the same type, never given out again; what compiled code compares.</summary>
    internal int Id { get; }

    /// <summary>The supertypes from the root down, and last the type itself: a supertype is where its own depth says.</summary>
    internal DefinedType[] Display { get; private set; } = [];

    /// <summary>
    /// The ids of <see cref="Display"/>, and zeros up to <see cref="ShortDepth"/>: compiled code looks at one place in it to know whether an object is
    /// of a type.
    /// </summary>
    internal int[] Ancestors = [];

    /// <summary>Places that every list of ancestors has.</summary>
    internal const int ShortDepth = 8;

    /// <summary>How many supertypes it has.</summary>
    internal int Depth => Display.Length - 1;

    /// <summary>Whether every value of this type is one of <paramref name="other"/>.</summary>
    public bool IsSubtypeOf(DefinedType other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this == other || ((uint)other.Depth < (uint)Display.Length && Display[other.Depth] == other);
    }

    internal void Place(DefinedType[] group, DefinedType? super, bool isFinal)
    {
        _group = group;
        IsFinal = isFinal;
        Display = super is null ? [this] : [.. super.Display, this];
        Ancestors = new int[Math.Max(Display.Length, ShortDepth)];
        for (var i = 0; i < Display.Length; i++)
            Ancestors[i] = Display[i].Id;
    }

    /// <summary>Takes what the sketch says, now that all types of the group exist.</summary>
    internal abstract void Complete(TypeSketch sketch, DefinedType[] group);

    /// <summary>Whether its contents allow it to extend <paramref name="super"/>.</summary>
    internal abstract bool Extends(DefinedType super);
}
