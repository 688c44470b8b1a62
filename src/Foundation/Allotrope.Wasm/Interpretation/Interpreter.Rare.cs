using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <content>What the loop leaves to others. Each gives the step to go on with.</content>
static unsafe partial class Interpreter
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    static Step* Rarely(InterpreterStack stack, Step* step, long* frame)
    {
        var rare = stack.Code!.Rare[(int)step->Bits];
        ref readonly var instruction = ref rare.Instruction;
        var operands = frame + step->B;
        var result = frame + step->A;
        switch (rare.Family)
        {
            case RareFamily.Unreachable: throw new Trap(TrapKind.Unreachable);
            case RareFamily.Throw: return ThrowGuest(stack, rare, step, operands);
            case RareFamily.Call: return Call(stack, rare, step, operands);
            case RareFamily.Select: Select(stack, (ValueKind)rare.Data!, step, operands, result); break;
            case RareFamily.Global: Global(stack, instruction, step, operands, result); break;
            case RareFamily.Bulk: InterpretedBulk.Do(rare, stack, step, operands, result); break;
            case RareFamily.Access: InterpretedAccess.Do(instruction, stack.Instance!, operands, result); break;
            case RareFamily.Number: InterpretedNumbers.Do(instruction.Opcode, operands, result); break;
            case RareFamily.Branch:
                var goes = InterpretedReferences.Goes(instruction, stack.References[stack.FirstReference + (int)step->B]);
                return goes ? step + 1 : (Step*)((byte*)step + rare.Jump);
            case RareFamily.Reference: InterpretedReferences.Do(rare, stack, step, operands, result); break;
            case RareFamily.Move: MoveOrCanonicalize(stack, instruction, step, operands, result); break;
            case RareFamily.Atomic: InterpretedAccess.Atomic(instruction, stack.Instance!, operands, result); break;
            default: InterpretedVectors.Do(rare, stack.Instance!, operands, result); break;
        }

        return step + 1;
    }

    static void Select(InterpreterStack stack, ValueKind kind, Step* step, long* operands, long* result)
    {
        if (kind == ValueKind.V128)
        {
            var vectors = (Vector128<byte>*)operands;
            *(Vector128<byte>*)result = (int)operands[4] != 0 ? vectors[0] : vectors[1];
            return;
        }

        var references = stack.References.AsSpan(stack.FirstReference);
        references[(int)step->A] = references[step->C + ((int)*operands != 0 ? 0 : 1)];
    }

    static void Global(InterpreterStack stack, in Instruction instruction, Step* step, long* operands, long* result)
    {
        var global = stack.Instance!.Globals[instruction.Index]!;
        var kind = global.Type.Kind;
        if (instruction.Opcode == Opcode.GlobalGet)
        {
            if (kind.IsReference)
                stack.References[stack.FirstReference + (int)step->A] = global.Reference;
            else if (kind == ValueKind.V128)
                *(Vector128<byte>*)result = global.Vector;
            else
                *result = global.Bits;
        }
        else if (kind.IsReference)
        {
            global.Reference = stack.References[stack.FirstReference + step->C];
        }
        else if (kind == ValueKind.V128)
        {
            global.Vector = *(Vector128<byte>*)operands;
        }
        else
        {
            global.Bits = kind is ValueKind.I32 or ValueKind.F32 ? (int)*operands : *operands;
        }
    }

    static void MoveOrCanonicalize(InterpreterStack stack, in Instruction instruction, Step* step, long* operands, long* result)
    {
        var references = stack.References.AsSpan(stack.FirstReference);
        switch (instruction.Opcode)
        {
            case StepWriter.MoveReference: references[(int)step->A] = references[(int)step->B]; break;
            case StepWriter.MoveReferences:
                references.Slice((int)step->B, instruction.Index).CopyTo(references[(int)step->A..]);
                break;
            case StepWriter.MoveNull: references[(int)step->A] = null; break;
            case StepWriter.MoveConstant: *(Vector128<long>*)result = Vector128.Create(instruction.Bits, instruction.High); break;
            case StepWriter.CanonicalNaN32: *(uint*)result = float.IsNaN(*(float*)operands) ? 0x7FC0_0000 : *(uint*)operands; break;
            default: *(ulong*)result = double.IsNaN(*(double*)operands) ? 0x7FF8_0000_0000_0000 : *(ulong*)operands; break;
        }
    }

    static Step* ThrowGuest(InterpreterStack stack, RareStep rare, Step* step, long* operands)
    {
        var instance = stack.Instance!;
        GuestException exception;
        if (rare.Instruction.Opcode == Opcode.ThrowRef)
        {
            exception = stack.References[stack.FirstReference + step->C] as GuestException ?? throw new Trap(TrapKind.NullReference);
        }
        else
        {
            var types = instance.Module.Image.Tags[rare.Instruction.Index].Parameters;
            var values = new Value[types.Length];
            var reference = stack.FirstReference + step->C;
            for (var i = 0; i < values.Length; i++)
                values[i] = Load(types[i].Kind, ref operands, ref reference, stack);
            exception = GuestException.Of(values, instance, rare.Instruction.Index);
        }

        return stack.TryCatch(exception) ? stack.Ip : throw exception;
    }
}
