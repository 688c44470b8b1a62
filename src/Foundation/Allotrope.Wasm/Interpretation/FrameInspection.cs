using System.Collections.Immutable;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>A function as a trap found it: for tools that show what a guest was about.</summary>
/// <param name="Frame">Which function.</param>
/// <param name="InstructionOffset">Where in the module its instruction begins that trapped or called.</param>
/// <param name="Locals">Its parameters and other variables.</param>
/// <param name="Operands">What the instruction found on the operand stack, topmost last; of a call, what was below its arguments.</param>
public sealed record InspectedFrame(WasmFrame Frame, int InstructionOffset, ImmutableArray<Value> Locals, ImmutableArray<Value> Operands);

/// <summary>Reads the variables and operands of interpreted functions from their frames.</summary>
static unsafe class FrameInspection
{
    /// <summary>The functions since the last entry, innermost first.</summary>
    internal static IEnumerable<InspectedFrame> Of(InterpreterStack stack)
    {
        var frames = new List<InspectedFrame>();
        foreach (var (index, waiting) in stack.WaitingSinceEntry(TrapStack.MostFrames).Index())
        {
            if (!waiting.IsLeft)
                frames.Add(Inspect(stack, waiting, isInnermost: index == 0));
        }

        return frames;
    }

    static InspectedFrame Inspect(InterpreterStack stack, CallerFrame waiting, bool isInnermost)
    {
        var (code, module) = (waiting.Code!, waiting.Instance!.Steps!);
        var (operands, variables) = StepWriter.OperandsAt(module, code.Index, code.PositionOf(waiting.Ip));
        var types = module.Facts[code.Index - module.Image.ImportedFunctions].Locals;
        var locals = ImmutableArray.CreateBuilder<Value>(types.Length);
        for (var i = 0; i < types.Length; i++)
            locals.Add(Read(stack, waiting, types[i].Kind, variables[i]));
        var below = isInnermost ? operands.Length : Math.Max(0, operands.Length - TakenBy(module.Image, waiting));
        var values = ImmutableArray.CreateBuilder<Value>(below);
        foreach (var operand in operands.AsSpan(0, below))
        {
            values.Add(!operand.IsConstant ? Read(stack, waiting, operand.Kind, operand.Place)
                : operand.Kind == ValueKind.V128 ? Value.FromVector128(Vector128.Create(operand.Bits, operand.High).AsByte())
                : operand.Kind.IsReference ? Value.Zero(operand.Kind)
                : Value.FromBits(operand.Kind, operand.Bits));
        }

        return new InspectedFrame(module.FrameOf(waiting), code.OffsetOf(waiting.Ip), locals.ToImmutable(), values.ToImmutable());
    }

    static Value Read(InterpreterStack stack, in CallerFrame waiting, ValueKind kind, uint place)
    {
        var slot = waiting.Frame + place;
        var reference = waiting.FirstReference + (int)place;
        return Interpreter.Load(kind, ref slot, ref reference, stack);
    }

    /// <summary>How many operands a call takes.</summary>
    static int TakenBy(ModuleImage image, in CallerFrame waiting)
    {
        var reader = new InstructionReader(image, waiting.Code!.OffsetOf(waiting.Ip), image.Bodies[waiting.Code.Index - image.ImportedFunctions].End);
        var call = reader.Next();
        return call.Opcode switch
        {
            Opcode.Call or Opcode.ReturnCall => image.Functions[call.Index].Parameters.Length,
            Opcode.CallIndirect or Opcode.CallRef or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef =>
                ((FunctionType)image.Types[call.Index]).Parameters.Length + 1,
            _ => 0,
        };
    }
}
