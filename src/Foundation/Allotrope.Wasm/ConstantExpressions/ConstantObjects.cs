using System.Reflection;

namespace Allotrope.Wasm;

/// <summary>Makes the structs, arrays and small integers of constant expressions.</summary>
static class ConstantObjects
{
    /// <param name="instruction">What to make.</param>
    /// <param name="operands">What it is made of, which is popped.</param>
    /// <param name="instance">For whom; its store counts the object.</param>
    internal static Value Make(in Instruction instruction, Stack<Value> operands, Instance instance) => instruction.Opcode switch
    {
        Opcode.RefI31 => Value.FromReference(ValueKind.I31Ref, I31.Of(new I31(operands.Pop().AsInt32()).Value, instance)),
        Opcode.AnyConvertExtern => Value.FromReference(ValueKind.AnyRef, operands.Pop().Reference),
        Opcode.ExternConvertAny => Value.FromReference(ValueKind.ExternRef, operands.Pop().Reference),
        <= Opcode.StructNewDefault => Value.FromReference(ValueKind.StructRef, Struct(instruction, operands, instance)),
        _ => Value.FromReference(ValueKind.ArrayRef, Array(instruction, operands, instance)),
    };

    static object Struct(in Instruction instruction, Stack<Value> operands, Instance instance)
    {
        var type = (StructType)instance.Types[instruction.Index];
        var made = instruction.Opcode == Opcode.StructNew
            ? GuestStruct.Create(type, Pop(operands, type.Fields.Length))
            : (GuestStruct)type.Shape.Constructor.Invoke([type]);
        return HeapBudget.Count(made, type.Shape.ObjectBytes, instance.Guard.Heap);
    }

    static object Array(in Instruction instruction, Stack<Value> operands, Instance instance)
    {
        var element = ((ArrayType)instance.Types[instruction.Index]).Element;
        if (instruction.Opcode == Opcode.ArrayNewFixed)
        {
            var values = Pop(operands, instruction.Second);
            var made = (GuestArray)Call(nameof(Arrays.NewDefault), element, values.Length, instruction.Index, instance);
            for (var i = 0; i < values.Length; i++)
                made.Items.SetValue(Stored.FromValue(element, values[i]), i);
            return made;
        }

        var length = operands.Pop().AsInt32();
        return instruction.Opcode == Opcode.ArrayNew
            ? Call(nameof(Arrays.New), element, Stored.FromValue(element, operands.Pop()), length, instruction.Index, instance)
            : Call(nameof(Arrays.NewDefault), element, length, instruction.Index, instance);
    }

    /// <summary>Calls what compiled code would call.</summary>
    static object Call(string method, in FieldType element, params object?[] arguments) =>
        Members.Generic(typeof(Arrays), method, element.ClrType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    static Value[] Pop(Stack<Value> operands, int count)
    {
        var values = new Value[count];
        for (var i = count - 1; i >= 0; i--)
            values[i] = operands.Pop();
        return values;
    }
}
