namespace Allotrope.Components;

/// <summary>Strings and lists of scalars between two components, copied from the one memory to the other.</summary>
/// <param name="wit">The component's type.</param>
sealed class PassedShape(WitType wit) : Shape(typeof(Passed), wit)
{
    /// <summary>What the items of a list are; null for strings.</summary>
    internal PrimitiveKind? Items { get; } = (wit as ListType)?.Element is PrimitiveType element ? element.Kind : null;

    /// <inheritdoc/>
    internal override long HeapBytes => 2 * sizeof(ulong);

    internal override object ToHost(object? value) => throw new InvalidOperationException("what components pass to one another is nothing to a host");

    internal override object FromHost(object? value) => ToHost(value);
}
