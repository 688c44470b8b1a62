using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Named values of one type each; a tuple has numbers for names, and its type none of its own.</summary>
public sealed class RecordType : WitType
{
    /// <exception cref="ArgumentException">There is not one label for each type.</exception>
    public RecordType(ImmutableArray<string> labels, ImmutableArray<WitType> types, bool isTuple = false)
        : base(types, needsName: !isTuple)
    {
        if (labels.Length != types.Length)
            throw new ArgumentException($"{labels.Length} labels were given for {types.Length} fields", nameof(labels));
        Labels = labels;
        IsTuple = isTuple;
    }

    public ImmutableArray<string> Labels { get; }

    /// <summary>Types of the fields, in the order of <see cref="Labels"/>.</summary>
    public ImmutableArray<WitType> Types => Parts;

    public bool IsTuple { get; }

    public static RecordType Tuple(ImmutableArray<WitType> types) =>
        new([.. Enumerable.Range(0, types.Length).Select(place => $"{place}")], types, isTuple: true);

    internal override int LabelCount => IsTuple ? 0 : Labels.Length;

    internal override bool HasShapeOf(WitType other) => other is RecordType record && record.IsTuple == IsTuple && record.Labels.SequenceEqual(Labels);

    internal override WitType With(ImmutableArray<WitType> parts) => new RecordType(Labels, parts, IsTuple);

    private protected override Layout Measure(bool wide) => Layout.Sequence(Parts, wide);

    private protected override bool Flatten(List<ValueKind> into, int most, bool wide)
    {
        foreach (var part in Parts)
        {
            if (!part.TryFlatten(into, most, wide))
                return false;
        }

        return true;
    }

    public override string ToString() => IsLong ? $"{(IsTuple ? "tuple" : "record")} of {Types.Length} parts" : IsTuple
        ? $"tuple<{string.Join(", ", Types)}>"
        : $"record {{ {string.Join(", ", Labels.Zip(Types, (label, type) => $"{label}: {type}"))} }}";
}
