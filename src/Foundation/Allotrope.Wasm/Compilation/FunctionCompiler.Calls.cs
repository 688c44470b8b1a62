using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Calls: of the module's own functions directly, of all others through their address and target.</content>
sealed partial class FunctionCompiler
{
    void EmitCall(int index)
    {
        var type = _image.Functions[index];
        if (index >= _image.ImportedFunctions)
        {
            var depth = LoadArguments(type);
            _frame.LoadInstance();
            _il.Emit(OpCodes.Call, _module.MethodOf(index));
            PushResults(type, depth);
            return;
        }

        CallThrough(LoadImport(index), type);
    }

    int LoadArguments(FunctionType type)
    {
        ClearForSite(type.Parameters.Length);
        ShieldVectorArguments(type);
        return _operands.Load(type.Parameters.Length);
    }

    LocalBuilder LoadImport(int index)
    {
        var callee = _frame.Scratch(typeof(Function));
        _frame.LoadInstance();
        _il.Emit(OpCodes.Ldfld, Members.InstanceFunctions);
        _il.LoadInt32(index);
        _il.Emit(OpCodes.Ldelem_Ref);
        _il.Emit(OpCodes.Stloc, callee);
        return callee;
    }

    void EmitCallIndirect(in Instruction instruction)
    {
        var type = (FunctionType)_image.Types[instruction.Index];
        CallThrough(LoadElementToCall(instruction, type), type);
    }

    /// <summary>The function in a table, of which it is known now that it is one of the type.</summary>
    LocalBuilder LoadElementToCall(in Instruction instruction, FunctionType type)
    {
        var index = _operands.Take();
        var callee = _frame.Scratch(typeof(Function));
        LoadElement(instruction.Second, index, TrapKind.UndefinedElement);
        _frame.Release(index);
        _il.Emit(OpCodes.Stloc, callee);
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Brfalse, TrapLabel(TrapKind.UninitializedElement));
        if (!_image.Tables[instruction.Second].Element.Matches(WasmType.Reference(type)))
            CheckType(callee, type);
        return callee;
    }

    /// <summary>One compare, and a look at the callee's supertypes where its type may extend the wanted one.</summary>
    void CheckType(LocalBuilder callee, FunctionType type)
    {
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.FunctionTypeId);
        _module.LoadTypeId(_il, type);
        if (type.IsFinal)
        {
            _il.Emit(OpCodes.Bne_Un, TrapLabel(TrapKind.IndirectCallTypeMismatch));
            return;
        }

        var same = _il.DefineLabel();
        _il.Emit(OpCodes.Beq, same);
        _il.Emit(OpCodes.Ldloc, callee);
        _module.LoadTypeId(_il, type);
        _il.LoadInt32(type.Depth);
        _il.Emit(OpCodes.Call, Members.FunctionIs);
        _il.Emit(OpCodes.Brfalse, TrapLabel(TrapKind.IndirectCallTypeMismatch));
        _il.MarkLabel(same);
    }

    void CallThrough(LocalBuilder callee, FunctionType type)
    {
        var depth = LoadArguments(type);
        LoadTargetAndCode(callee);
        _il.CallThroughPointer(type);
        PushResults(type, depth);
    }

    void LoadTargetAndCode(LocalBuilder callee)
    {
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.FunctionTarget);
        _il.Emit(OpCodes.Ldloc, callee);
        _il.Emit(OpCodes.Ldfld, Members.FunctionCode);
    }

    void PushResults(FunctionType type, int depth)
    {
        switch (type.Results.Length)
        {
            case 0 when IsSite: EmitSite(type, null, 0); break;
            case 0: break;
            case 1 when IsSite:
                var place = _frame.Rent(type.Results[0].Kind);
                _frame.StoreTemporary(place);
                EmitSite(type, null, place);
                _operands.Push(_frame.Temporary(place));
                break;
            case 1: _operands.PushResult(type.Results[0].Kind, depth); break;
            default:
                var tuple = _frame.Scratch(type.ClrResult);
                _il.Emit(OpCodes.Stloc, tuple);
                if (IsSite)
                    EmitSite(type, tuple, 0);
                TupleEmitter.Unpack(_il, tuple, type.Results.Length, i =>
                {
                    var slot = _frame.Rent(type.Results[i].Kind);
                    _frame.StoreTemporary(slot);
                    _operands.Push(_frame.Temporary(slot));
                });
                break;
        }
    }
}
