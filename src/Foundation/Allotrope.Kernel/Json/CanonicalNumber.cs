using System.Buffers;
using System.Globalization;

namespace Allotrope.Kernel;

/// <summary>
/// Numbers as ECMAScript's <c>Number::toString</c> writes them (ECMA-262, section 6.1.6.1.20), which RFC 8785 asks for. .NET finds the same shortest
/// digits; only where the point and the exponent go differs.
/// </summary>
static class CanonicalNumber
{
    // 17 digits, sign, point, and "E-308", with room to spare.
    const int MaxLength = 32;

    public static void Write(double value, IBufferWriter<byte> output)
    {
        if (value == 0)
        {
            output.Write("0"u8); // minus zero too
            return;
        }

        if (value < 0)
            output.Write("-"u8);

        Span<byte> digits = stackalloc byte[MaxLength];
        var (count, point) = Digits(Math.Abs(value), digits);
        digits = digits[..count];
        switch (point)
        {
            case > 0 and <= 21 when count <= point:
                output.Write(digits);
                Zeros(point - count, output);
                break;
            case > 0 and <= 21:
                output.Write(digits[..point]);
                output.Write("."u8);
                output.Write(digits[point..]);
                break;
            case > -6 and <= 0:
                output.Write("0."u8);
                Zeros(-point, output);
                output.Write(digits);
                break;
            default:
                Exponential(digits, point - 1, output);
                break;
        }
    }

    static void Exponential(ReadOnlySpan<byte> digits, int exponent, IBufferWriter<byte> output)
    {
        output.Write(digits[..1]);
        if (digits.Length > 1)
        {
            output.Write("."u8);
            output.Write(digits[1..]);
        }

        output.Write(exponent < 0 ? "e-"u8 : "e+"u8);
        var span = output.GetSpan(4);
        Math.Abs(exponent).TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>The shortest digits that read back as the value, and where the point stands: value = 0.DIGITS x 10^point.</summary>
    static (int Count, int Point) Digits(double value, Span<byte> digits)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        text = text[..length];

        var exponent = 0;
        if (text.IndexOf((byte)'E') is >= 0 and var e)
        {
            exponent = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }

        var dot = text.IndexOf((byte)'.');
        var point = (dot < 0 ? text.Length : dot) + exponent;
        var count = 0;
        foreach (var c in text)
        {
            if (c == '.')
                continue;
            if (count == 0 && c == '0')
                point--;
            else
                digits[count++] = c;
        }

        while (count > 0 && digits[count - 1] == '0')
            count--;
        return (count, point);
    }

    static void Zeros(int count, IBufferWriter<byte> output)
    {
        for (; count > 0; count--)
            output.Write("0"u8);
    }
}
