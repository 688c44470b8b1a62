using System.Reflection;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Casts and tests of references.</content>
sealed partial class FunctionCompiler
{
    void EmitCast(in Instruction instruction)
    {
        var type = instruction.Type;
        switch (instruction.Opcode)
        {
            case Opcode.RefTest or Opcode.RefTestNull:
                var source = _operands.Top.Kind;
                _operands.Load(1);
                EmitIs(type, source);
                _operands.PushResult(ValueKind.I32);
                break;
            case Opcode.RefCast or Opcode.RefCastNull:
                var reference = TakeForCast(type);
                _il.Emit(OpCodes.Brfalse, TrapLabel(TrapKind.CastFailure));
                Repush(reference with { Kind = type.Kind });
                break;
            default:
                EmitBranchOnCast(Target(instruction.Index), type, whenItIs: instruction.Opcode == Opcode.BrOnCast);
                break;
        }
    }

    /// <summary>Goes to the label with the reference in one case, and on with it in the other.</summary>
    void EmitBranchOnCast(BlockEmission target, WasmType type, bool whenItIs)
    {
        var reference = TakeForCast(type);
        var stay = _il.DefineLabel();
        _il.Emit(whenItIs ? OpCodes.Brfalse : OpCodes.Brtrue, stay);
        Repush(reference);
        EmitJumpWithCopies(target);
        _il.MarkLabel(stay);
        if (!whenItIs)
            Rename(type.Kind);
    }

    /// <summary>Pops a reference and leaves on the IL stack, which is otherwise empty, whether it is of the type.</summary>
    Operand TakeForCast(WasmType type)
    {
        var reference = _operands.Take();
        _operands.Spill();
        _frame.Load(reference);
        EmitIs(type, reference.Kind);
        return reference;
    }

    /// <summary>Replaces the reference on the IL stack by whether it is of the type.</summary>
    void EmitIs(WasmType type, ValueKind source)
    {
        _il.LoadInt32(type.IsNullable ? 1 : 0);
        if (type.Definition is { } definition)
        {
            _module.LoadTypeId(_il, definition);
            _il.LoadInt32(definition.Depth);
            _il.Emit(OpCodes.Call, TestOf(definition, source));
            return;
        }

        _il.Emit(OpCodes.Call, type.Kind switch
        {
            ValueKind.I31Ref => Members.IsI31,
            ValueKind.EqRef => Members.IsEq,
            ValueKind.StructRef => Members.IsStruct,
            ValueKind.ArrayRef => Members.IsArray,
            ValueKind.NoneRef or ValueKind.NoFuncRef or ValueKind.NoExternRef or ValueKind.NoExnRef => Members.IsNull,
            _ => Members.IsPresent,
        });
    }

    static MethodInfo TestOf(DefinedType definition, ValueKind source) => definition switch
    {
        FunctionType => Members.IsFunctionOfType,
        { Depth: >= DefinedType.ShortDepth } => Members.IsOfDeepType,
        _ => source is ValueKind.StructRef or ValueKind.ArrayRef or ValueKind.NoneRef ? Members.IsOfType : Members.IsAnyOfType,
    };
}
