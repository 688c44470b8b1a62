using System.Numerics;

namespace Allotrope.Wasm;

/// <summary>A number that something will not exceed; <see cref="None"/> when nothing is known. Sums and products that are too large are None.</summary>
readonly record struct Ceiling(ulong Value) : IAdditionOperators<Ceiling, Ceiling, Ceiling>, IMultiplyOperators<Ceiling, Ceiling, Ceiling>
{
    internal static readonly Ceiling None = new(ulong.MaxValue);

    internal static readonly Ceiling Zero;

    internal bool IsNone => Value == ulong.MaxValue;

    internal ulong? OrNull => IsNone ? null : Value;

    public static implicit operator Ceiling(ulong value) => new(value);

    public static Ceiling operator +(Ceiling left, Ceiling right) =>
        left.Value > ulong.MaxValue - right.Value ? None : new(left.Value + right.Value);

    public static Ceiling operator *(Ceiling left, Ceiling right) =>
        left.Value == 0 || right.Value == 0 ? Zero
        : left.IsNone || right.IsNone || Math.BigMul(left.Value, right.Value, out var low) != 0 ? None
        : new(low);

    internal static Ceiling Max(Ceiling left, Ceiling right) => new(Math.Max(left.Value, right.Value));
}
