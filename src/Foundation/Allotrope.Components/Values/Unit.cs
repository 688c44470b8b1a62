namespace Allotrope.Components;

/// <summary>The type with one value, where a WIT type has none: the absent side of <c>result</c>, as in <c>result&lt;_, error-code&gt;</c>.</summary>
public readonly record struct Unit;
