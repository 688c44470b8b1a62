namespace Allotrope.Wasm;

/// <content>
/// Vectors. On the IL stack a vector keeps the lanes of the instruction that gave it, as the next one mostly wants the same; everywhere else
/// it is bytes. Only what is on top of the IL stack can be converted there.
/// </content>
sealed partial class OperandStack
{
    internal void PushVectorConstant(long low, long high) =>
        _operands.Add(new Operand(ValueKind.V128, Place.Constant, 0, low) { High = high });

    /// <summary>Notes that a vector of such lanes has been put on the IL stack.</summary>
    internal void PushVector(Type lane, int depth = 1)
    {
        _operands.Add(new Operand(ValueKind.V128, Place.Stack, Depth: depth) { Lane = lane });
        _onStack++;
        if (depth >= DeepestTree)
            Move(_operands.Count - 1);
    }

    /// <summary>The topmost operand, an i32, "and" a mask.</summary>
    internal void MaskTop(int mask)
    {
        if (Top.Place == Place.Constant)
        {
            _operands[^1] = Top with { Bits = Top.Bits & mask };
            return;
        }

        var depth = Load(1);
        il.LoadInt32(mask);
        il.Emit(System.Reflection.Emit.OpCodes.And);
        PushResult(ValueKind.I32, depth);
    }

    /// <summary>
    /// Gives operands that are on the IL stack, from <paramref name="first"/> to before <paramref name="end"/>, the lanes wanted. One that is
    /// covered by others gets free by moving them to temporaries.
    /// </summary>
    /// <returns>The end of those that are still on the IL stack.</returns>
    int Convert(int first, int end, ReadOnlySpan<Type?> lanes)
    {
        for (var i = first; i < end; i++)
        {
            var operand = _operands[i];
            var lane = operand.Lane ?? typeof(byte);
            var wanted = Wanted(lanes, i - first);
            if (operand.Kind != ValueKind.V128 || lane == wanted)
                continue;
            while (end > i + 1)
                Move(--end);
            il.ConvertLanes(lane, wanted);
            _operands[i] = operand with { Lane = wanted };
        }

        return end;
    }

    static Type Wanted(ReadOnlySpan<Type?> lanes, int position) => position < lanes.Length && lanes[position] is { } lane ? lane : typeof(byte);
}
