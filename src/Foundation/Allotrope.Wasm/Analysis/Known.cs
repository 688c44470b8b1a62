namespace Allotrope.Wasm;

/// <summary>What is known of an integer: a range, perhaps that it is a local plus something, perhaps the comparison it is the result of.</summary>
/// <param name="Low">Least value, unsigned.</param>
/// <param name="High">Largest value, unsigned.</param>
/// <param name="Of">The local it was computed from.</param>
/// <param name="Test">The comparison that gave it.</param>
readonly record struct Known(ulong Low, ulong High, Variable? Of = null, Comparison? Test = null)
{
    internal static readonly Known Anything = new(0, ulong.MaxValue);

    internal static readonly Known Narrow = new(0, uint.MaxValue);

    internal static readonly Known Truth = new(0, 1);

    internal bool IsConstant => Low == High;

    internal static Known Constant(ulong value) => new(value, value);

    internal static Known UpTo(ulong high) => new(0, high);

    /// <summary>All values of a type.</summary>
    internal static Known Any(ValueKind kind) => kind == ValueKind.I32 ? Narrow : Anything;

    /// <summary>The same plus a constant, within a number of bits.</summary>
    internal Known Plus(long delta, int bits)
    {
        var mask = MaskOf(bits);
        var (low, high) = (Low + (ulong)delta & mask, High + (ulong)delta & mask);
        var range = high - low == High - Low && low <= high ? new Known(low, high) : new Known(0, mask);
        return range with { Of = Of is { } of ? of with { Delta = of.Delta + delta } : null };
    }

    internal static ulong MaskOf(int bits) => bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
}

/// <summary>A local's value plus a constant.</summary>
/// <param name="Local">Which.</param>
/// <param name="Version">Where in the module it was assigned to last before it was read; 0 for its first value.</param>
/// <param name="Delta">What was added since.</param>
readonly record struct Variable(int Local, int Version, long Delta);

/// <summary>The comparison of a variable with something.</summary>
/// <param name="Variable">On the left.</param>
/// <param name="Relation">What is asked.</param>
/// <param name="Right">With what it is compared.</param>
/// <param name="Bits">Width of both.</param>
sealed record Comparison(Variable Variable, Relation Relation, Known Right, int Bits)
{
    internal Comparison Negated => this with { Relation = (Relation)((int)Relation ^ 1) };
}

/// <summary>Relations of integers; the lowest bit negates.</summary>
enum Relation
{
    Equal = 0,
    Unequal = 1,
    LessSigned = 2,
    AtLeastSigned = 3,
    LessUnsigned = 4,
    AtLeastUnsigned = 5,
    GreaterSigned = 6,
    AtMostSigned = 7,
    GreaterUnsigned = 8,
    AtMostUnsigned = 9,
}
