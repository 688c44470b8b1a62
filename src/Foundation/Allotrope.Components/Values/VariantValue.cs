namespace Allotrope.Components;

/// <summary>A value of a variant, enumeration, option or result.</summary>
/// <param name="Case">Which of the type's cases it is.</param>
/// <param name="Value">The case's value, if it has one.</param>
public readonly record struct VariantValue(int Case, object? Value = null);
