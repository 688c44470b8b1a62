using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Calls: of the module's own functions directly, of all others through their address and target.</content>
sealed partial class FunctionCompiler
{
    void EmitCall(int index)
    {
        var type = _image.Functions[index];
        var depth = _operands.Load(type.Parameters.Length);
        if (index >= _image.ImportedFunctions)
        {
            _frame.LoadInstance();
            _il.Emit(OpCodes.Call, _module.MethodOf(index));
            PushResults(type, depth);
            return;
        }

        var callee = _frame.Scratch(typeof(Function));
        _frame.LoadInstance();
        _il.Emit(OpCodes.Ldfld, Members.InstanceFunctions);
        _il.LoadInt32(index);
        _il.Emit(OpCodes.Ldelem_Ref);
        _il.Emit(OpCodes.Stloc, callee);
        CallThrough(callee, type, depth);
    }

    void EmitCallIndirect(in Instruction instruction)
    {
        var type = _image.Types[instruction.Index];
        var index = _operands.Take();
        var callee = _frame.Scratch(typeof(Function));
        LoadElement(instruction.Second, index, TrapKind.UndefinedElement);
        _frame.Release(index);
        _il.Emit(OpCodes.Stloc, callee);
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Brfalse, TrapLabel(TrapKind.UninitializedElement));
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.FunctionTypeId);
        _il.LoadInt32(type.Id);
        _il.Emit(OpCodes.Bne_Un, TrapLabel(TrapKind.IndirectCallTypeMismatch));
        var depth = _operands.Load(type.Parameters.Length);
        CallThrough(callee, type, depth);
    }

    void CallThrough(LocalBuilder callee, FunctionType type, int depth)
    {
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.FunctionTarget);
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.FunctionCode);
        _il.CallThroughPointer(type);
        PushResults(type, depth);
    }

    void PushResults(FunctionType type, int depth)
    {
        switch (type.Results.Length)
        {
            case 0: break;
            case 1: _operands.PushResult(type.Results[0], depth); break;
            default:
                var tuple = _frame.Scratch(type.ClrResult);
                _il.Emit(OpCodes.Stloc, tuple);
                TupleEmitter.Unpack(_il, tuple, type.Results.Length, i =>
                {
                    var slot = _frame.Rent(type.Results[i]);
                    _frame.StoreTemporary(slot);
                    _operands.Push(_frame.Temporary(slot));
                });
                break;
        }
    }
}
