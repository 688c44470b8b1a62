namespace Allotrope.Wasm;

/// <summary>An integer of 31 bits as a reference. Guests compare two of them by value.</summary>
public sealed record I31
{
    /// <param name="value">Its lower 31 bits are kept.</param>
    public I31(int value) => Value = value << 1 >> 1;

    /// <summary>Whether guests take two references for the same.</summary>
    internal static bool AreSame(object? left, object? right) =>
        ReferenceEquals(left, right) || (left is I31 one && right is I31 other && one.Value == other.Value);

    /// <summary>The integer, its sign extended.</summary>
    public int Value { get; }
}
