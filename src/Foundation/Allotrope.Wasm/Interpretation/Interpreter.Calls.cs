namespace Allotrope.Wasm;

/// <content>Calls of what is not a function of the same module, and tail calls.</content>
static unsafe partial class Interpreter
{
    static Step* Call(InterpreterStack stack, RareStep rare, Step* step, long* operands)
    {
        ref readonly var instruction = ref rare.Instruction;
        var instance = stack.Instance!;
        var isTail = instruction.Opcode is Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef;
        if (instruction.Opcode == Opcode.ReturnCall && instruction.Index >= instance.Module.Image.ImportedFunctions)
            return Replace(stack, instance, instance.Steps!.At(instruction.Index), step);
        var type = (FunctionType)rare.Data!;
        var callee = instruction.Opcode switch
        {
            Opcode.Call or Opcode.ReturnCall => instance.Functions[instruction.Index]!,
            Opcode.CallIndirect or Opcode.ReturnCallIndirect => Indirect(instance, instruction, type, operands),
            _ => Referenced(stack, type, step),
        };
        if (callee.Target is InterpretedFunction target)
        {
            if (isTail)
                return Replace(stack, target.Instance, target.Steps, step);
            Enter(stack, target.Instance, target.Steps, operands, stack.FirstReference + step->C);
            return stack.Ip;
        }

        var left = stack.Guard.StackLeft;
        if (isTail)
        {
            stack.Guard.StackLeft += stack.Code!.StackCost;
            // The function has left its protected regions: what the callee throws is not for them.
            Leave(stack);
        }

        try
        {
            CallOutside(callee, operands, stack, stack.FirstReference + step->C);
        }
        finally
        {
            stack.Guard.StackLeft = left;
        }

        if (!isTail)
            return step + 1;
        ReturnMany(stack, step, stack.Frame);
        return null;
    }

    /// <summary>Calls compiled code or the host.</summary>
    static void CallOutside(Function callee, long* operands, InterpreterStack stack, int firstReference) =>
        callee.Type.Caller(callee, operands, stack, firstReference);

    static Function Indirect(Instance instance, in Instruction instruction, FunctionType type, long* operands)
    {
        var (slots, _) = StepWriter.Extent(type.Parameters.AsSpan());
        var table = instance.Tables[instruction.Second];
        var index = table.Limits.IsWide ? (ulong)operands[slots] : (uint)operands[slots];
        if (index >= (ulong)table.Elements.Length)
            throw new Trap(TrapKind.UndefinedElement);
        if (table.Elements[index] is not Function callee)
            throw new Trap(TrapKind.UninitializedElement);
        if (callee.TypeId != type.Id && (type.IsFinal || !Function.Is(callee, type.Id, type.Depth)))
            throw new Trap(TrapKind.IndirectCallTypeMismatch);
        return callee;
    }

    static Function Referenced(InterpreterStack stack, FunctionType type, Step* step)
    {
        var (_, references) = StepWriter.Extent(type.Parameters.AsSpan());
        var callee = (Function)(stack.References[stack.FirstReference + step->C + references] ?? throw new Trap(TrapKind.NullReference));
        if (callee.Guard != stack.Guard)
            Function.CheckStore(callee);
        return callee;
    }

    /// <summary>A function takes the place of the innermost one: its arguments go to the frame's beginning.</summary>
    static Step* Replace(InterpreterStack stack, Instance instance, FunctionSteps callee, Step* step)
    {
        var frame = stack.Frame;
        var (first, before) = (stack.FirstReference, stack.Code!.References);
        if (stack.Limit - frame < callee.Slots)
            throw new Trap(TrapKind.StackExhausted);
        stack.Guard.Look();
        stack.Reserve(first + callee.References);
        var arguments = (int)callee.ParameterSlots;
        new Span<long>(frame + step->B, arguments).CopyTo(new Span<long>(frame, arguments));
        new Span<long>(frame + arguments, (int)callee.VariableSlots - arguments).Clear();
        if (Math.Max(before, callee.References) is > 0 and var both)
        {
            var references = stack.References.AsSpan(first, Math.Min(both, stack.References.Length - first));
            references.Slice(step->C, callee.ParameterReferences).CopyTo(references);
            references[callee.ParameterReferences..].Clear();
        }

        stack.Guard.StackLeft += stack.Code.StackCost;
        stack.Code = callee;
        if (stack.Instance != instance)
            stack.Use(instance);
        return callee.First;
    }
}
