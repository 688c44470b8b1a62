namespace Allotrope.Wasm;

/// <summary>The size range a module declares for a memory (pages of 64 KiB) or a table (elements).</summary>
/// <param name="Minimum">Size at instantiation.</param>
/// <param name="Maximum">Largest size it may grow to; null = as large as the format allows.</param>
public readonly record struct Limits(uint Minimum, uint? Maximum = null)
{
    /// <summary>
    /// True when something of <paramref name="currentSize"/> with this as its range may be imported where <paramref name="wanted"/> is
    /// declared.
    /// </summary>
    internal bool Satisfies(Limits wanted, uint currentSize) =>
        currentSize >= wanted.Minimum && (wanted.Maximum is not { } most || Maximum <= most);

    public override string ToString() => Maximum is { } maximum ? $"{Minimum}..{maximum}" : $"{Minimum}..";
}
