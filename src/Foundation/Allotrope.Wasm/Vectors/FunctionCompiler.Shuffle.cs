using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <content>
/// The shuffle of two vectors by constants: one shuffle where all lanes are of one vector, else the "or" of two, each with zeros where the other
/// has its lanes.
/// </content>
sealed partial class FunctionCompiler
{
    const int Lanes = 16;

    void EmitShuffle(in Instruction instruction)
    {
        Span<byte> lanes = stackalloc byte[Lanes];
        MemoryMarshal.Write(lanes, instruction.Bits);
        MemoryMarshal.Write(lanes[sizeof(long)..], instruction.High);
        var second = _operands.Take();
        var first = _operands.Take();
        var usesFirst = lanes.IndexOfAnyInRange((byte)0, (byte)(Lanes - 1)) >= 0;
        var usesSecond = lanes.IndexOfAnyInRange((byte)Lanes, (byte)((2 * Lanes) - 1)) >= 0;
        if (usesFirst)
            EmitPart(first, lanes, 0);
        if (usesSecond)
            EmitPart(second, lanes, Lanes);
        if (usesFirst && usesSecond)
            _il.Emit(OpCodes.Call, Members.Generic(typeof(Vector128), nameof(Vector128.BitwiseOr), typeof(byte)));
        _frame.Release(first);
        _frame.Release(second);
        _operands.PushVector(typeof(byte), depth: 3);
    }

    /// <summary>The lanes that come from this operand; an index beyond the vector makes a zero.</summary>
    void EmitPart(in Operand operand, ReadOnlySpan<byte> lanes, int from)
    {
        Span<byte> indices = stackalloc byte[Lanes];
        for (var i = 0; i < Lanes; i++)
            indices[i] = lanes[i] >= from && lanes[i] < from + Lanes ? (byte)(lanes[i] - from) : byte.MaxValue;
        _frame.Load(operand);
        if (WholeLanes(indices, sizeof(int)) is { } words)
        {
            _il.ConvertLanes(typeof(byte), typeof(int));
            _il.LoadVector(words.AsInt64()[0], words.AsInt64()[1], typeof(int));
            _il.Emit(OpCodes.Call, Members.Method(typeof(Vector128), nameof(Vector128.Shuffle), typeof(Vector128<int>), typeof(Vector128<int>)));
            _il.ConvertLanes(typeof(int), typeof(byte));
            return;
        }

        _il.LoadVector(MemoryMarshal.Read<long>(indices), MemoryMarshal.Read<long>(indices[sizeof(long)..]), typeof(byte));
        _il.Emit(OpCodes.Call, Members.Method(typeof(Vector128), nameof(Vector128.Shuffle), typeof(Vector128<byte>), typeof(Vector128<byte>)));
    }

    /// <summary>The same shuffle in lanes of four bytes, when the bytes stay together.</summary>
    static Vector128<int>? WholeLanes(ReadOnlySpan<byte> indices, int width)
    {
        var words = Vector128<int>.Zero;
        for (var i = 0; i < Lanes; i += width)
        {
            var first = indices[i];
            if (first % width != 0)
                return null;
            for (var j = 1; j < width; j++)
            {
                if (indices[i + j] != first + j)
                    return null;
            }

            words = words.WithElement(i / width, first / width);
        }

        return words;
    }
}
