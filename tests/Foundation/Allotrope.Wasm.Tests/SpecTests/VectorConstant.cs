using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>Vectors in scripts: <c>(v128.const i16x8 1 2 3 4 5 6 7 8)</c>, of which an expected one may name kinds of NaN.</summary>
static class VectorConstant
{
    public const string Head = "v128.const";

    public static Vector128<byte> Read(Node.Sequence node)
    {
        Span<byte> bytes = stackalloc byte[16];
        var width = WidthOf(node);
        for (var i = 0; i < 16 / width; i++)
            Write(bytes[(i * width)..], Constant.Read(LaneOf(node, i)), width);
        return Vector128.Create<byte>(bytes);
    }

    /// <summary>Lane by lane, as the shape says.</summary>
    public static bool Matches(Node.Sequence expected, Vector128<byte> actual)
    {
        Span<byte> bytes = stackalloc byte[16];
        actual.CopyTo(bytes);
        var width = WidthOf(expected);
        for (var i = 0; i < 16 / width; i++)
            if (!Expected.Matches(LaneOf(expected, i), LaneFrom(bytes[(i * width)..], ShapeOf(expected)[0] == 'f', width)))
                return false;
        return true;
    }

    static void Write(Span<byte> lane, Value value, int width)
    {
        if (width == 8)
            BinaryPrimitives.WriteInt64LittleEndian(lane, value.Bits);
        else
            for (var i = 0; i < width; i++) lane[i] = (byte)(value.Bits >> (8 * i));
    }

    static Value LaneFrom(ReadOnlySpan<byte> lane, bool isFloat, int width) => width switch
    {
        1 => Value.FromInt32(lane[0]),
        2 => Value.FromInt32(BinaryPrimitives.ReadUInt16LittleEndian(lane)),
        4 when isFloat => Value.FromSingle(BinaryPrimitives.ReadSingleLittleEndian(lane)),
        4 => Value.FromInt32(BinaryPrimitives.ReadInt32LittleEndian(lane)),
        _ when isFloat => Value.FromDouble(BinaryPrimitives.ReadDoubleLittleEndian(lane)),
        _ => Value.FromInt64(BinaryPrimitives.ReadInt64LittleEndian(lane)),
    };

    /// <summary>The lane as a constant of its own; the narrow ones, signed or not, as an i32 of their bits.</summary>
    static Node.Sequence LaneOf(Node.Sequence node, int lane)
    {
        var number = (Node.Word)node.Items[lane + 2];
        var (type, width) = (ShapeOf(node)[..3], WidthOf(node));
        if (width >= 4) return new(node.Line, [new Node.Word(node.Line, type is "f32" or "f64" or "i64" ? $"{type}.const" : "i32.const"), number]);
        var bits = Constant.Read(new Node.Sequence(node.Line, [new Node.Word(node.Line, "i32.const"), number])).AsInt32() & ((1 << (8 * width)) - 1);
        return new(node.Line, [new Node.Word(node.Line, "i32.const"), new Node.Word(node.Line, $"{bits}")]);
    }

    static string ShapeOf(Node.Sequence node) => ((Node.Word)node.Items[1]).Value;

    static int WidthOf(Node.Sequence node) => ShapeOf(node) switch
    {
        "i8x16" => 1,
        "i16x8" => 2,
        "i32x4" or "f32x4" => 4,
        "i64x2" or "f64x2" => 8,
        var shape => throw new FormatException($"line {node.Line}: {shape} is no shape of a vector."),
    };
}
