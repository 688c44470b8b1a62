namespace Allotrope.Wasm;

/// <summary>The size range a module declares for a memory (pages of 64 KiB) or a table (elements).</summary>
/// <param name="Minimum">Size at instantiation.</param>
/// <param name="Maximum">Largest size it may grow to; null = as large as the format allows.</param>
/// <param name="Address">Type of addresses or indices: <see cref="ValueKind.I32"/> or <see cref="ValueKind.I64"/>.</param>
public readonly record struct Limits(ulong Minimum, ulong? Maximum = null, ValueKind Address = ValueKind.I32)
{
    /// <summary>Whether several threads may use the memory at once; such a memory has a maximum.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether addresses have 64 bits.</summary>
    internal bool IsWide => Address == ValueKind.I64;

    /// <summary>
    /// True when something of <paramref name="currentSize"/> with this as its range may be imported where <paramref name="wanted"/> is
    /// declared.
    /// </summary>
    internal bool Satisfies(Limits wanted, ulong currentSize) =>
        Address == wanted.Address && IsShared == wanted.IsShared && currentSize >= wanted.Minimum && (wanted.Maximum is not { } most || Maximum <= most);

    public override string ToString() =>
        (IsShared ? "shared " : "") + (IsWide ? "i64 " : "") + (Maximum is { } maximum ? $"{Minimum}..{maximum}" : $"{Minimum}..");
}
