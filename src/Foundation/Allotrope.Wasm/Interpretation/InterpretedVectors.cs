using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Allotrope.Wasm.VectorOpcode;
using Bytes = System.Runtime.Intrinsics.Vector128<byte>;

namespace Allotrope.Wasm;

/// <summary>
/// Vector instructions as the interpreter does them: the methods that compiled code calls, by their addresses. Seeing a vector's bits as other lanes
/// makes no difference to a call.
/// </summary>
static unsafe class InterpretedVectors
{
    /// <summary>Finds out how an instruction is done, and the method of one that is a method.</summary>
    internal static void Prepare(RareStep rare, bool deterministic)
    {
        var opcode = rare.Instruction.Vector;
        rare.Form = FormOf(opcode);
        if (rare.Form >= VectorForm.Shuffle)
            return;
        var operation = deterministic ? VectorOperations.FixedOf(opcode) : VectorOperations.Of(opcode);
        operation.Address(out rare.Method, out rare.Second);
        if (deterministic && Canonical.MayMakeNaN(opcode))
            rare.CanonicalLane = operation.Gives;
    }

    static VectorForm FormOf(VectorOpcode opcode) => opcode switch
    {
        I8x16Shuffle => VectorForm.Shuffle,
        V128Bitselect => VectorForm.Bitselect,
        _ when VectorSignatures.IsAccess(opcode) => VectorForm.Access,
        _ when VectorSignatures.Lanes(opcode) > 0 => VectorForm.Lane,
        _ when VectorShifts.LaneBits(opcode) > 0 => VectorForm.Shift,
        I8x16Splat or I16x8Splat or I32x4Splat or I64x2Splat or F32x4Splat or F64x2Splat => VectorForm.Splat,
        I8x16Bitmask or I16x8Bitmask or I32x4Bitmask or I64x2Bitmask => VectorForm.Mask,
        _ => VectorSignatures.Of(opcode)! switch
        {
            { Parameters: [_, _, _] } => VectorForm.Three,
            { Parameters: [_, _] } => VectorForm.Two,
            { Results: [{ Kind: ValueKind.V128 }] } => VectorForm.One,
            _ => VectorForm.Test,
        },
    };

    internal static void Do(RareStep rare, Instance instance, long* operands, long* result)
    {
        var vectors = (Bytes*)operands;
        ref readonly var instruction = ref rare.Instruction;
        switch (rare.Form)
        {
            case VectorForm.One: *(Bytes*)result = ((delegate*<Bytes, Bytes>)rare.Method)(*vectors); break;
            case VectorForm.Two:
                var made = ((delegate*<Bytes, Bytes, Bytes>)rare.Method)(vectors[0], vectors[1]);
                *(Bytes*)result = rare.Second == 0 ? made : ((delegate*<Bytes, Bytes>)rare.Second)(made);
                break;
            case VectorForm.Three: *(Bytes*)result = ((delegate*<Bytes, Bytes, Bytes, Bytes>)rare.Method)(vectors[0], vectors[1], vectors[2]); break;
            case VectorForm.Test: *(int*)result = ((delegate*<Bytes, bool>)rare.Method)(*vectors) ? 1 : 0; break;
            case VectorForm.Mask: *(uint*)result = ((delegate*<Bytes, uint>)rare.Method)(*vectors); break;
            case VectorForm.Shift:
                var count = (int)operands[2] & (VectorShifts.LaneBits(instruction.Vector) - 1);
                *(Bytes*)result = ((delegate*<Bytes, int, Bytes>)rare.Method)(*vectors, count);
                break;
            case VectorForm.Splat: *(Bytes*)result = Splat(instruction.Vector, operands); break;
            case VectorForm.Shuffle:
                *(Bytes*)result = Shuffle(vectors[0], vectors[1], Vector128.Create(instruction.Bits, instruction.High).AsByte());
                break;
            case VectorForm.Bitselect: *(Bytes*)result = Vector128.ConditionalSelect(vectors[2], vectors[0], vectors[1]); break;
            case VectorForm.Access: Access(instruction, instance, operands, result); break;
            default: Lane(instruction.Vector, instruction.Lane, operands, result); break;
        }

        if (rare.CanonicalLane == typeof(float))
            *(Bytes*)result = VectorFloats.Canonical(((Vector128<float>*)result)[0]).AsByte();
        else if (rare.CanonicalLane == typeof(double))
            *(Bytes*)result = VectorFloats.Canonical(((Vector128<double>*)result)[0]).AsByte();
    }

    static Bytes Splat(VectorOpcode opcode, long* operand) => opcode switch
    {
        I8x16Splat => Vector128.Create(*(byte*)operand),
        I16x8Splat => Vector128.Create(*(short*)operand).AsByte(),
        I32x4Splat or F32x4Splat => Vector128.Create(*(int*)operand).AsByte(),
        _ => Vector128.Create(*operand).AsByte(),
    };

    /// <summary>Bytes of two vectors by constant indices; one beyond a vector makes a zero there.</summary>
    static Bytes Shuffle(Bytes first, Bytes second, Bytes lanes) =>
        Vector128.Shuffle(first, lanes) | Vector128.Shuffle(second, lanes - Vector128.Create((byte)16));

    static void Lane(VectorOpcode opcode, int lane, long* operands, long* result)
    {
        var copy = *(Bytes*)operands;
        var lanes = (byte*)&copy;
        var value = operands + 2;
        switch (opcode)
        {
            case I8x16ExtractLaneS: *(int*)result = ((sbyte*)lanes)[lane]; return;
            case I8x16ExtractLaneU: *(int*)result = lanes[lane]; return;
            case I16x8ExtractLaneS: *(int*)result = ((short*)lanes)[lane]; return;
            case I16x8ExtractLaneU: *(int*)result = ((ushort*)lanes)[lane]; return;
            case I32x4ExtractLane or F32x4ExtractLane: *(int*)result = ((int*)lanes)[lane]; return;
            case I64x2ExtractLane or F64x2ExtractLane: *result = ((long*)lanes)[lane]; return;
            case I8x16ReplaceLane: lanes[lane] = *(byte*)value; break;
            case I16x8ReplaceLane: ((short*)lanes)[lane] = *(short*)value; break;
            case I32x4ReplaceLane or F32x4ReplaceLane: ((int*)lanes)[lane] = *(int*)value; break;
            default: ((long*)lanes)[lane] = *value; break;
        }

        *(Bytes*)result = copy;
    }

    static void Access(in Instruction instruction, Instance instance, long* operands, long* result)
    {
        var opcode = instruction.Vector;
        var address = InterpretedAccess.Address(instruction, instance, operands);
        var value = operands + 1;
        switch (opcode)
        {
            case V128Load: *(Bytes*)result = *(Bytes*)address; break;
            case V128Store: *(Bytes*)address = *(Bytes*)value; break;
            case V128Load8Splat: *(Bytes*)result = Vector128.Create(*address); break;
            case V128Load16Splat: *(Bytes*)result = Vector128.Create(*(short*)address).AsByte(); break;
            case V128Load32Splat: *(Bytes*)result = Vector128.Create(*(int*)address).AsByte(); break;
            case V128Load64Splat: *(Bytes*)result = Vector128.Create(*(long*)address).AsByte(); break;
            case V128Load32Zero: *(Bytes*)result = Vector128.CreateScalar(*(int*)address).AsByte(); break;
            case V128Load64Zero: *(Bytes*)result = Vector128.CreateScalar(*(long*)address).AsByte(); break;
            case V128Load8x8S: *(Bytes*)result = Vector128.WidenLower(Eight(address).AsSByte()).AsByte(); break;
            case V128Load8x8U: *(Bytes*)result = Vector128.WidenLower(Eight(address).AsByte()).AsByte(); break;
            case V128Load16x4S: *(Bytes*)result = Vector128.WidenLower(Eight(address).AsInt16()).AsByte(); break;
            case V128Load16x4U: *(Bytes*)result = Vector128.WidenLower(Eight(address).AsUInt16()).AsByte(); break;
            case V128Load32x2S: *(Bytes*)result = Vector128.WidenLower(Eight(address).AsInt32()).AsByte(); break;
            case V128Load32x2U: *(Bytes*)result = Vector128.WidenLower(Eight(address).AsUInt32()).AsByte(); break;
            default: LaneAccess(instruction, address, *(Bytes*)value, result); break;
        }
    }

    static Vector128<ulong> Eight(byte* address) => Vector128.CreateScalar(*(ulong*)address);

    static void LaneAccess(in Instruction instruction, byte* address, Bytes vector, long* result)
    {
        var width = 1 << VectorSignatures.AccessWidth(instruction.Vector);
        var lane = MemoryMarshal.CreateSpan(ref *((byte*)&vector + (instruction.Lane * width)), width);
        var cell = new Span<byte>(address, width);
        if (instruction.Vector >= V128Store8Lane && instruction.Vector <= V128Store64Lane)
        {
            lane.CopyTo(cell);
            return;
        }

        cell.CopyTo(lane);
        *(Bytes*)result = vector;
    }
}

/// <summary>How a vector instruction is done.</summary>
enum VectorForm
{
    One,
    Two,
    Three,
    Test,
    Mask,
    Shift,
    Splat,
    Shuffle,
    Bitselect,
    Access,
    Lane,
}
