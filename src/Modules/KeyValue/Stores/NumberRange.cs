using System.Globalization;
using Allotrope.Kernel;

namespace Allotrope.KeyValue;

/// <summary>The numbers that one who counts can have. They are kept in decimal digits, so that those who count further than others share a counter with them.</summary>
readonly record struct NumberRange(Int128 Least, Int128 Most)
{
    public static readonly NumberRange Int32 = new(int.MinValue, int.MaxValue);

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>: no number of the range.</exception>
    public Int128 Parse(ReadOnlySpan<byte> digits) =>
        Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Has(number)
            ? number
            : throw new FaultException(new Fault.Invalid("key", $"The value is not {Name}, so nothing can be added to it: set it to one first."));

    /// <exception cref="FaultException"><see cref="Fault.Exhausted"/>: the sum is beyond the range.</exception>
    public Int128 Add(Int128 number, Int128 by) => Has(number + by)
        ? number + by
        : throw new FaultException(new Fault.Exhausted($"{number} + {by} is beyond {Name}: set the value back before counting on."));

    string Name => this == Int32 ? "a 32-bit integer" : $"an integer from {Least} to {Most}";

    bool Has(Int128 number) => number >= Least && number <= Most;
}
