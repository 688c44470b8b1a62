using System.Globalization;

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>Turns the constants of a script, such as <c>(f32.const -0x1.8p+3)</c>, into values.</summary>
static class Constant
{
    /// <exception cref="FormatException">It is no constant that this suite uses.</exception>
    public static Value Read(Node node) => node is not Node.Sequence list ? throw Unknown(node) : list.Items switch
    {
        [Node.Word { Value: "i32.const" }, Node.Word number] => Value.FromInt32((int)Integer(number, 32)),
        [Node.Word { Value: "i64.const" }, Node.Word number] => Value.FromInt64((long)Integer(number, 64)),
        [Node.Word { Value: "f32.const" }, Node.Word number] => Value.FromSingle(BitConverter.UInt32BitsToSingle((uint)FloatBits(number, 32))),
        [Node.Word { Value: "f64.const" }, Node.Word number] => Value.FromDouble(BitConverter.UInt64BitsToDouble(FloatBits(number, 64))),
        [Node.Word { Value: VectorConstant.Head }, ..] => Value.FromVector128(VectorConstant.Read(list)),
        [Node.Word { Value: "ref.null" }, Node.Word heap] => Value.FromReference(Heap(heap), null),
        [Node.Word { Value: "ref.host" }, Node.Word number] => Value.FromReference(ValueKind.AnyRef, new Outside((uint)Integer(number, 32))),
        [Node.Word { Value: "ref.extern" }, Node.Word number] => Value.FromObject(new Outside((uint)Integer(number, 32))),
        _ => throw Unknown(node),
    };

    static ValueKind Heap(Node.Word name) =>
        Enum.TryParse<ValueKind>($"{name.Value}Ref", ignoreCase: true, out var kind) ? kind : throw Unknown(name);

    static ulong Integer(Node.Word word, int bits)
    {
        var digits = word.Value.Replace("_", "");
        var negative = digits.StartsWith('-');
        digits = digits.TrimStart('-');
        var value = digits.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier)
            : ulong.Parse(digits, NumberStyles.None);
        if (bits == 32 && value > uint.MaxValue) throw Unknown(word);
        return negative ? 0 - value : value;
    }

    /// <summary>The bits of a hexadecimal float, infinity or NaN. Decimal floats do not occur in the binary scripts.</summary>
    static ulong FloatBits(Node.Word word, int bits)
    {
        var text = word.Value.Replace("_", "");
        var sign = text.StartsWith('-') ? 1UL << (bits - 1) : 0;
        text = text.TrimStart('-');
        var (quiet, infinity) = bits == 32 ? (1UL << 22, 0x7f80_0000UL) : (1UL << 51, 0x7ff0_0000_0000_0000UL);
        return sign | text switch
        {
            "inf" => infinity,
            "nan" => infinity | quiet,
            ['n', 'a', 'n', ':', '0', 'x', .. var payload] => infinity | ulong.Parse(payload, NumberStyles.AllowHexSpecifier),
            ['0', 'x', .. var number] when bits == 32 => BitConverter.SingleToUInt32Bits((float)Hexadecimal(word, number)),
            ['0', 'x', .. var number] => BitConverter.DoubleToUInt64Bits(Hexadecimal(word, number)),
            _ => throw Unknown(word),
        };
    }

    /// <summary>The number <c>h.hhhp±d</c>. The suite writes floats exactly, so nothing is ever rounded here.</summary>
    static double Hexadecimal(Node.Word word, string number)
    {
        if (number.Split('p') is not [var mantissa, var power]) throw Unknown(word);
        var point = mantissa.IndexOf('.');
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = ulong.Parse(mantissa.Replace(".", ""), NumberStyles.AllowHexSpecifier);
        return digits >> 53 == 0
            ? Math.ScaleB(digits, int.Parse(power, NumberStyles.AllowLeadingSign) - 4 * fraction)
            : throw Unknown(word);
    }

    static FormatException Unknown(Node node) => new($"line {node.Line}: {node} is no constant that this suite knows.");
}

/// <summary>An object of the host's, as scripts name them by number: equal numbers are the same object to them.</summary>
sealed record Outside(uint Number);
