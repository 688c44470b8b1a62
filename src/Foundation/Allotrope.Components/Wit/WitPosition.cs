namespace Allotrope.Components.Wit;

/// <summary>A place in a WIT file; line and column count from 1. What was read from a component has the default, line 0.</summary>
public readonly record struct WitPosition(string? File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
