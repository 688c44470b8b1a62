namespace Allotrope.Wasm;

/// <summary>An integer of 31 bits as a reference. Guests compare two of them by value.</summary>
public sealed record I31
{
    /// <param name="value">Its lower 31 bits are kept.</param>
    public I31(int value) => Value = value << 1 >> 1;

    /// <summary>Whether guests take two references for the same.</summary>
    internal static bool AreSame(object? left, object? right) =>
        ReferenceEquals(left, right) || (left is I31 one && right is I31 other && one.Value == other.Value);

    /// <summary>What the reference costs on the .NET heap.</summary>
    internal const int ObjectBytes = 24;

    /// <summary>Small ones, which are made once.</summary>
    static readonly I31[] Common = [.. Enumerable.Range(-128, 1152).Select(value => new I31(value))];

    /// <summary>The reference for an integer, for compiled code.</summary>
    internal static I31 Of(int value, Instance instance) => (uint)(value + 128) < (uint)Common.Length
        ? Common[value + 128]
        : (I31)HeapBudget.Count(new I31(value), ObjectBytes, instance.Guard.Heap);

    /// <summary>The integer, its sign extended.</summary>
    public int Value { get; }
}
