using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Values of one type, one after the other.</summary>
public sealed class ListType : WitType
{
    public ListType(WitType element, uint? length = null)
        : base([element])
    {
        Length = length;
        HasPointer = length is null || element.HasPointer;
    }

    public WitType Element => Parts[0];

    /// <summary>How many there always are; null when that is the value's own. A list of fixed length lies where the value is.</summary>
    public uint? Length { get; }

    /// <summary>Whether it is a map: a list of pairs for everything but what stands where it is wanted.</summary>
    internal bool IsMap { get; init; }

    internal override bool HasShapeOf(WitType other) => other is ListType list && list.Length == Length && list.IsMap == IsMap;

    internal override WitType With(ImmutableArray<WitType> parts) => new ListType(parts[0], Length) { IsMap = IsMap };

    private protected override Layout Measure(bool wide)
    {
        if (Length is not { } length)
            return Reference(wide);
        var element = Element.LayoutIn(wide);
        return new(element.Size * length, element.Alignment);
    }

    private protected override bool Flatten(List<ValueKind> into, int most, bool wide)
    {
        if (Length is not { } length)
            return FlattenReference(into, most, wide);
        for (var i = 0u; i < length; i++)
        {
            if (!Element.TryFlatten(into, most, wide))
                return false;
        }

        return true;
    }

    /// <summary>An address and a length.</summary>
    internal static Layout Reference(bool wide) => wide ? new(16, 8) : new(8, 4);

    internal static bool FlattenReference(List<ValueKind> into, int most, bool wide)
    {
        var address = wide ? ValueKind.I64 : ValueKind.I32;
        return Add(into, most, address) && Add(into, most, address);
    }

    public override string ToString() => IsLong ? (IsMap ? "map" : "list") : IsMap ? $"map<{string.Join(", ", Element.Parts)}>" : Length is { } length ? $"list<{Element}, {length}>" : $"list<{Element}>";
}
