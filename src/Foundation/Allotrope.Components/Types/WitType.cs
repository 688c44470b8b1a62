using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A type of values that components exchange. Types are equal by structure (<see cref="Matching"/>); an object of its own is a name of its
/// own, which matters where records, variants, flags and enumerations must have been imported or exported before they are used.
/// </summary>
public abstract class WitType : TypeDefinition
{
    Layout? _narrow;
    Layout? _wide;
    int _names;
    Flattening? _narrowFlat;
    Flattening? _wideFlat;

    private protected WitType(ImmutableArray<WitType> parts, bool needsName = false)
        : base(parts)
    {
        Parts = parts;
        foreach (var part in parts)
        {
            HasBorrow |= part.HasBorrow;
            HasOwn |= part.HasOwn;
            HasPointer |= part.HasPointer;
            HasChannel |= part.HasChannel;
        }

        NeedsName = needsName;
        MentionsNames |= needsName;
    }

    /// <summary>The types of what it is made of, in order.</summary>
    internal ImmutableArray<WitType> Parts { get; }

    /// <summary>Whether values of it lend a resource.</summary>
    internal bool HasBorrow { get; private protected init; }

    /// <summary>Whether values of it give a resource away.</summary>
    internal bool HasOwn { get; private protected init; }

    /// <summary>Whether values of it are ends of streams or futures, or contexts of errors: what belongs to the process it is in.</summary>
    internal bool HasChannel { get; private protected init; }

    /// <summary>Whether values of it lie elsewhere in memory than the value itself: lists and strings.</summary>
    internal bool HasPointer { get; private protected init; }

    /// <summary>Whether bindings have to give it a name, so that it must be imported or exported with one.</summary>
    internal bool NeedsName { get; }

    /// <summary>
    /// The type that this one is another name of; null where it is unlike all others, or nobody would follow so many names. Only what is shown to people
    /// depends on it.
    /// </summary>
    internal WitType? Original { get; private set; }

    /// <summary>The same type under a name of its own.</summary>
    internal WitType Renamed() => With(Parts).After(this);

    /// <summary>Notes of what it is another name, unless there is one object of such types.</summary>
    internal WitType After(WitType? original)
    {
        if (original is null || original == this || original._names >= MostDepth)
            return this;
        (Original, _names) = (original, original._names + 1);
        return this;
    }

    /// <summary>Labels that are compared for <see cref="HasShapeOf"/>.</summary>
    internal virtual int LabelCount => 0;

    /// <summary>Whether the other type is of the same kind with the same labels, whatever their parts are.</summary>
    internal abstract bool HasShapeOf(WitType other);

    /// <summary>The same type of other parts, as an object of its own.</summary>
    internal abstract WitType With(ImmutableArray<WitType> parts);

    /// <summary>Its place in a memory.</summary>
    /// <param name="wide">Whether addresses have 64 bits.</param>
    internal Layout LayoutIn(bool wide) => wide ? _wide ??= Measure(true) : _narrow ??= Measure(false);

    /// <summary>Size and alignment (Canonical ABI, "Alignment" and "Element Size").</summary>
    private protected abstract Layout Measure(bool wide);

    /// <summary>The core values that it becomes when it is passed without a memory; null when they are more than any call passes so.</summary>
    /// <param name="wide">Whether addresses have 64 bits.</param>
    internal ValueKind[]? FlatIn(bool wide)
    {
        ref var known = ref wide ? ref _wideFlat : ref _narrowFlat;
        return (known ??= Flatten(wide)).Kinds;
    }

    /// <summary>Adds the core values that it becomes when it is passed without a memory (Canonical ABI, "Flattening").</summary>
    /// <returns>False when they are more than <paramref name="most"/>; then the list is of no use.</returns>
    internal bool TryFlatten(List<ValueKind> into, int most, bool wide)
    {
        if (FlatIn(wide) is not { } kinds || into.Count + kinds.Length > most)
            return false;
        into.AddRange(kinds);
        return true;
    }

    /// <summary>Adds the core values up to <paramref name="most"/>, from those of its parts.</summary>
    private protected abstract bool Flatten(List<ValueKind> into, int most, bool wide);

    private protected static bool Add(List<ValueKind> into, int most, ValueKind kind)
    {
        into.Add(kind);
        return into.Count <= most;
    }

    Flattening Flatten(bool wide)
    {
        var kinds = new List<ValueKind>();
        return new(Flatten(kinds, CanonicalSignature.MostParameters, wide) ? [.. kinds] : null);
    }

    /// <summary>An object, as types that several threads use keep theirs once it is known.</summary>
    sealed record Flattening(ValueKind[]? Kinds);
}
