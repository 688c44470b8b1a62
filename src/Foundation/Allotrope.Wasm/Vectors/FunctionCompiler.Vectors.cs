using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <content>Vector instructions that compute.</content>
sealed partial class FunctionCompiler
{
    void EmitVector(in Instruction instruction)
    {
        var opcode = _module.Deterministic ? RelaxedVectors.Strict(instruction.Vector) : RelaxedVectors.Either(instruction.Vector);
        switch (opcode)
        {
            case VectorOpcode.V128Const: _operands.PushVectorConstant(instruction.Bits, instruction.High); break;
            case VectorOpcode.I8x16Shuffle: EmitShuffle(instruction); break;
            case VectorOpcode.V128Bitselect: EmitBitselect(); break;
            case var _ when VectorSignatures.IsAccess(opcode): EmitVectorAccess(instruction); break;
            case var _ when VectorSignatures.Lanes(opcode) > 0: EmitLane(instruction); break;
            default: EmitVectorOperation(opcode); break;
        }
    }

    void EmitVectorOperation(VectorOpcode opcode)
    {
        var operation = _module.Deterministic ? VectorOperations.FixedOf(opcode) : VectorOperations.Of(opcode);
        if (VectorShifts.LaneBits(opcode) is > 0 and var bits)
            _operands.MaskTop(bits - 1);
        var mayBeDropped = MayBeDropped(opcode);
        var depth = _operands.Load(operation.Takes);
        switch (opcode)
        {
            case VectorOpcode.I8x16Splat: _il.Emit(OpCodes.Conv_U1); break;
            case VectorOpcode.I16x8Splat: _il.Emit(OpCodes.Conv_U2); break;
        }

        operation.Emit(_il);
        if (_module.Deterministic && Canonical.MayMakeNaN(opcode))
            Canonical.Emit(_il, operation.Gives!);
        else if (mayBeDropped)
            _il.Emit(OpCodes.Call, Members.Method(typeof(VectorFloats), nameof(VectorFloats.Quiet), typeof(Vector128<>).MakeGenericType(operation.Gives!)));
        if (operation.Gives is { } lane)
            _operands.PushVector(lane, depth);
        else
            _operands.PushResult(ValueKind.I32, depth);
    }

    /// <summary>As for single floats: arithmetic with a constant of zeros and ones may be taken for the identity.</summary>
    bool MayBeDropped(VectorOpcode opcode) => opcode switch
    {
        >= VectorOpcode.F32x4Add and <= VectorOpcode.F32x4Div => VectorFloats.HasZeroOrOne32(_operands.Top) || VectorFloats.HasZeroOrOne32(_operands.Second),
        >= VectorOpcode.F64x2Add and <= VectorOpcode.F64x2Div => VectorFloats.HasZeroOrOne64(_operands.Top) || VectorFloats.HasZeroOrOne64(_operands.Second),
        _ => false,
    };

    /// <summary>Where the third operand has ones the first, elsewhere the second.</summary>
    void EmitBitselect()
    {
        var condition = _operands.Take();
        var second = _operands.Take();
        var first = _operands.Take();
        _frame.Load(condition);
        _frame.Load(first);
        _frame.Load(second);
        _il.Emit(OpCodes.Call, Members.Generic(typeof(Vector128), nameof(Vector128.ConditionalSelect), typeof(byte)));
        _frame.Release(first);
        _frame.Release(second);
        _frame.Release(condition);
        _operands.PushVector(typeof(byte), depth: 2);
    }

    void EmitLane(in Instruction instruction)
    {
        var lane = VectorLane.Of(instruction.Vector);
        if (instruction.Vector is VectorOpcode.I8x16ReplaceLane or VectorOpcode.I16x8ReplaceLane or VectorOpcode.I32x4ReplaceLane
            or VectorOpcode.I64x2ReplaceLane or VectorOpcode.F32x4ReplaceLane or VectorOpcode.F64x2ReplaceLane)
        {
            var value = _operands.Take();
            var depth = _operands.Load([lane]);
            _il.LoadInt32(instruction.Lane);
            _frame.Load(value);
            WithElement(lane);
            _frame.Release(value);
            _operands.PushVector(lane, depth);
            return;
        }

        var height = _operands.Load([lane]);
        _il.LoadInt32(instruction.Lane);
        _il.Emit(OpCodes.Call, Members.Generic(typeof(Vector128), nameof(Vector128.GetElement), lane));
        _operands.PushResult(Signatures.Of(instruction.Opcode)!.Results[0].Kind, height);
    }

    /// <summary>Replaces a lane: the vector, the lane's number and the new value are on the IL stack.</summary>
    void WithElement(Type lane)
    {
        if (lane == typeof(byte))
            _il.Emit(OpCodes.Conv_U1);
        else if (lane == typeof(ushort))
            _il.Emit(OpCodes.Conv_U2);
        _il.Emit(OpCodes.Call, Members.Generic(typeof(Vector128), nameof(Vector128.WithElement), lane));
    }
}
