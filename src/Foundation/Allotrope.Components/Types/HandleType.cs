using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>A handle to a resource: its owner's, or one lent for a call.</summary>
public sealed class HandleType : WitType
{
    public HandleType(ResourceType resource, bool isBorrow)
        : base([])
    {
        Resource = resource;
        IsBorrow = HasBorrow = isBorrow;
        HasOwn = !isBorrow;
        MentionsNames = true;
    }

    public ResourceType Resource { get; }

    /// <summary>Whether the handle is lent, to be given back before the call ends.</summary>
    public bool IsBorrow { get; }

    /// <summary>Which resources are the same is not a matter of shape.</summary>
    internal override bool HasShapeOf(WitType other) => other is HandleType handle && handle.IsBorrow == IsBorrow;

    internal override WitType With(ImmutableArray<WitType> parts) => new HandleType(Resource, IsBorrow);

    private protected override Layout Measure(bool wide) => Layout.Of(4);

    private protected override bool Flatten(List<ValueKind> into, int most, bool wide) => Add(into, most, ValueKind.I32);

    public override string ToString() => IsBorrow ? $"borrow<{Resource}>" : $"own<{Resource}>";
}
