namespace Allotrope.Wasm;

/// <summary>Where an operand is while code is emitted.</summary>
enum Place
{
    /// <summary>On the IL stack.</summary>
    Stack,

    /// <summary>In a parameter or local of the WebAssembly function; loaded when needed.</summary>
    Local,

    /// <summary>In a temporary; loaded when needed.</summary>
    Temporary,

    /// <summary>Nowhere: its bits are known.</summary>
    Constant,
}

/// <summary>A value on WebAssembly's operand stack, as the compiler sees it.</summary>
/// <param name="Slot">Number of the local or temporary.</param>
/// <param name="Bits">A constant's bits.</param>
/// <param name="Depth">Height of the expression tree that the just-in-time compiler would build for it.</param>
readonly record struct Operand(ValueKind Kind, Place Place, int Slot = 0, long Bits = 0, int Depth = 1)
{
    /// <summary>What a number on the IL stack or in a temporary is known not to exceed, without a sign; of others see <see cref="Most"/>.</summary>
    internal ulong? Bound { get; init; }

    /// <summary>What the number does not exceed, without a sign.</summary>
    internal ulong Most => Bound ?? (Place == Place.Constant ? Kind == ValueKind.I32 ? (uint)Bits : (ulong)Bits : Kind == ValueKind.I32 ? uint.MaxValue : ulong.MaxValue);

    /// <summary>The upper half of a vector constant.</summary>
    internal long High { get; init; }

    /// <summary>The type of the lanes that a vector on the IL stack has; null is bytes, which is what it has anywhere else.</summary>
    internal Type? Lane { get; init; }
}
