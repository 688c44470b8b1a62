using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>The readable end of a stream of values, or of a future one.</summary>
public sealed class ChannelType : WitType
{
    public ChannelType(WitType? element, bool isFuture)
        : base(element is null ? [] : [element]) => (IsFuture, HasChannel) = (isFuture, true);

    /// <summary>What is transported; null when only the fact is.</summary>
    public WitType? Element => Parts.IsEmpty ? null : Parts[0];

    /// <summary>Whether it transports one value.</summary>
    public bool IsFuture { get; }

    internal override bool HasShapeOf(WitType other) =>
        other is ChannelType channel && channel.IsFuture == IsFuture && channel.Parts.Length == Parts.Length;

    internal override WitType With(ImmutableArray<WitType> parts) => new ChannelType(parts.IsEmpty ? null : parts[0], IsFuture);

    private protected override Layout Measure(bool wide) => Layout.Of(4);

    private protected override bool Flatten(List<ValueKind> into, int most, bool wide) => Add(into, most, ValueKind.I32);

    public override string ToString() => (IsFuture ? "future" : "stream") + (Element is null || IsLong ? "" : $"<{Element}>");
}
