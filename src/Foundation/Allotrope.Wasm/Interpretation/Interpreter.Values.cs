using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <content>Values between the host and frames.</content>
static unsafe partial class Interpreter
{
    /// <summary>Calls a function of a guest with values, without any code made for its signature.</summary>
    internal static void Invoke(Function function, InterpretedFunction target, ReadOnlySpan<Value> arguments, Span<Value> results)
    {
        var stack = target.Instance.Guard.Interpreter;
        var type = function.Type;
        var outer = Function.Enter(function);
        try
        {
            var (parameterSlots, parameterReferences) = StepWriter.Extent(type.Parameters.AsSpan());
            var (resultSlots, resultReferences) = StepWriter.Extent(type.Results.AsSpan());
            var slot = stack.Ask(Math.Max(parameterSlots, resultSlots), (int)Math.Max(parameterReferences, resultReferences));
            var reference = stack.FreeReference;
            for (var i = 0; i < arguments.Length; i++)
                Take(arguments[i], type.Parameters[i], ref slot, ref reference, stack);
            Run(stack, target);
            slot = stack.Free;
            reference = stack.FreeReference;
            for (var i = 0; i < results.Length; i++)
                results[i] = Load(type.Results[i].Kind, ref slot, ref reference, stack);
            Array.Clear(stack.References, stack.FreeReference, (int)resultReferences);
        }
        catch (HostFault fault)
        {
            HostFault.Rethrow(fault);
        }
        finally
        {
            Function.Leave(function, outer);
        }
    }

    /// <exception cref="InvalidOperationException">The value is none of the type.</exception>
    static void Take(Value value, WasmType type, ref long* slot, ref int reference, InterpreterStack stack)
    {
        if (type.IsReference)
            stack.References[reference++] = value.AsReference(type);
        else if (value.Kind == type.Kind)
            Store(value, type.Kind, ref slot, ref reference, stack);
        else
            throw new InvalidOperationException($"the value is {value.Kind.Name}, not {type.Kind.Name}");
    }

    /// <summary>Writes a value of a kind where a frame has it, and goes on behind it.</summary>
    internal static void Store(in Value value, ValueKind kind, ref long* slot, ref int reference, InterpreterStack stack)
    {
        if (kind.IsReference)
        {
            stack.References[reference++] = value.Reference;
        }
        else if (kind == ValueKind.V128)
        {
            *(Vector128<byte>*)slot = value.AsVector128();
            slot += 2;
        }
        else
        {
            *slot++ = value.Bits;
        }
    }

    /// <summary>Reads a value and goes on behind it. References stay there until something else is.</summary>
    internal static Value Load(ValueKind kind, ref long* slot, ref int reference, InterpreterStack stack)
    {
        if (kind.IsReference)
            return Value.FromReference(kind, stack.References[reference++]);
        if (kind == ValueKind.V128)
        {
            slot += 2;
            return Value.FromVector128(*(Vector128<byte>*)(slot - 2));
        }

        var bits = *slot++;
        return Value.FromBits(kind, kind is ValueKind.I32 or ValueKind.F32 ? (int)bits : bits);
    }
}
