namespace Allotrope.Wasm;

/// <summary>
/// How often a loop goes round that steps a variable by a constant and asks each time how it compares with a bound. As long as the answer is yes the
/// variable stays in a range; the step is smaller than what lies outside, so it cannot jump over that and come back: it goes through the range once.
/// </summary>
static class Trips
{
    /// <param name="first">The variable where it is first asked for.</param>
    /// <param name="step">What is added each time round, not 0; as a number of <paramref name="goOn"/>'s width, signed.</param>
    /// <param name="goOn">Holds when the loop goes round again.</param>
    /// <returns>How often it is so at most.</returns>
    internal static Ceiling Count(Known first, long step, Comparison goOn)
    {
        var mask = Known.MaskOf(goOn.Bits);
        if (goOn.Relation == Relation.Unequal)
            return goOn.Right.IsConstant ? UntilEqual(first, step, goOn.Right.Low, mask) : Ceiling.None;
        var signed = goOn.Relation is Relation.LessSigned or Relation.AtLeastSigned or Relation.GreaterSigned or Relation.AtMostSigned;
        var flip = signed ? 1UL << (goOn.Bits - 1) : 0;
        var (right, start) = (Flip(goOn.Right, flip, mask), Flip(first, flip, mask));
        return RangeOf(goOn.Relation, right, mask) is { } range ? Through(range, start, step, mask) : Ceiling.Zero;
    }

    /// <summary>Steps until the variable is exactly the bound, which it may also miss for ever.</summary>
    static Ceiling UntilEqual(Known first, long step, ulong bound, ulong mask)
    {
        var size = step > 0 ? (ulong)step : (ulong)-step;
        if (first.IsConstant)
        {
            var way = (step > 0 ? bound - first.Low : first.Low - bound) & mask;
            return way % size == 0 ? way / size : size == 1 ? way : Ceiling.None;
        }

        if (size != 1)
            return Ceiling.None;
        var known = step > 0 ? first.High <= bound : first.Low >= bound;
        return known ? (step > 0 ? bound - first.Low : first.High - bound) : mask;
    }

    /// <summary>The values for which the relation holds for any bound in the range; null when there are none.</summary>
    static Known? RangeOf(Relation relation, Known bound, ulong mask) => relation switch
    {
        Relation.Equal => bound,
        Relation.LessSigned or Relation.LessUnsigned => bound.High == 0 ? null : new(0, bound.High - 1),
        Relation.AtMostSigned or Relation.AtMostUnsigned => new(0, bound.High),
        Relation.GreaterSigned or Relation.GreaterUnsigned => bound.Low == mask ? null : new(bound.Low + 1, mask),
        _ => new(bound.Low, mask),
    };

    static Ceiling Through(Known range, Known first, long step, ulong mask)
    {
        var size = step > 0 ? (ulong)step : (ulong)-step;
        var width = range.High - range.Low; // one less than the number of values in it
        if (size > mask - width)
            return Ceiling.None;
        var way = step > 0
            ? range.High - Math.Min(Math.Max(range.Low, first.Low), range.High)
            : Math.Max(Math.Min(range.High, first.High), range.Low) - range.Low;
        return new Ceiling(way / size) + 1;
    }

    /// <summary>Signed order is unsigned order with the sign's bit turned round; adding commutes with that.</summary>
    static Known Flip(Known value, ulong flip, ulong mask)
    {
        if (flip == 0)
            return value;
        var (low, high) = (value.Low ^ flip, value.High ^ flip);
        return low <= high ? new(low, high) : new(0, mask);
    }
}
