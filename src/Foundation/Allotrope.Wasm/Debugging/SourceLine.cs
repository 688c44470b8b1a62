namespace Allotrope.Wasm;

/// <summary>A place in the source that a guest was compiled from.</summary>
/// <param name="File">As the compiler named it, mostly relative to where it ran.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1; 0 when the compiler did not say.</param>
public sealed record SourceLine(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}";
}
