using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Calls that take their caller's place, by IL's <c>tail.</c>: the runtime gives the frame back first, also where the callee's arguments need more
/// of the stack than the caller's. So a chain of any length runs in constant stack; each function in it looks at the guard on entry like any other.
/// </content>
sealed partial class FunctionCompiler
{
    void EmitTailCall(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.ReturnCall when instruction.Index >= _image.ImportedFunctions:
                LoadTailArguments(_image.Functions[instruction.Index]);
                _frame.LoadInstance();
                _il.Emit(OpCodes.Tailcall);
                _il.Emit(OpCodes.Call, _module.MethodOf(instruction.Index));
                _il.Emit(OpCodes.Ret);
                CutOff();
                break;
            case Opcode.ReturnCall:
                TailCallThrough(LoadImport(instruction.Index), _image.Functions[instruction.Index]);
                break;
            case Opcode.ReturnCallIndirect:
                var indirect = (FunctionType)_image.Types[instruction.Index];
                TailCallThrough(LoadElementToCall(instruction, indirect), indirect);
                break;
            default:
                TailCallThrough(TakeCallee(), (FunctionType)_image.Types[instruction.Index]);
                break;
        }
    }

    void TailCallThrough(LocalBuilder callee, FunctionType type)
    {
        LoadTailArguments(type);
        LoadTargetAndCode(callee);
        _il.Emit(OpCodes.Tailcall);
        _il.CallThroughPointer(type);
        _il.Emit(OpCodes.Ret);
        CutOff();
    }

    /// <summary>Nothing but the arguments may be on the IL stack.</summary>
    void LoadTailArguments(FunctionType type)
    {
        if (_operands.Count > type.Parameters.Length)
            _operands.Spill();
        _operands.Load(type.Parameters.Length);
    }
}
