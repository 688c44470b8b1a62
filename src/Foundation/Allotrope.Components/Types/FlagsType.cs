using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>A set of up to 32 named bits.</summary>
public sealed class FlagsType(ImmutableArray<string> labels) : WitType([], needsName: true)
{
    /// <summary>Flags that one type may have.</summary>
    internal const int Most = 32;

    public ImmutableArray<string> Labels { get; } = labels;

    /// <summary>The bits that are flags.</summary>
    internal uint Mask => Labels.Length >= Most ? uint.MaxValue : (1u << Labels.Length) - 1;

    internal override int LabelCount => Labels.Length;

    internal override bool HasShapeOf(WitType other) => other is FlagsType flags && flags.Labels.SequenceEqual(Labels);

    internal override WitType With(ImmutableArray<WitType> parts) => new FlagsType(Labels);

    private protected override Layout Measure(bool wide) => Layout.Of(Labels.Length <= 8 ? 1 : Labels.Length <= 16 ? 2 : 4);

    private protected override bool Flatten(List<ValueKind> into, int most, bool wide) => Add(into, most, ValueKind.I32);

    public override string ToString() => $"flags {{ {string.Join(", ", Labels)} }}";
}
