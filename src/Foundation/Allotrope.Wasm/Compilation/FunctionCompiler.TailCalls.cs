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
        GiveStackBack();
        switch (instruction.Opcode)
        {
            case Opcode.ReturnCall when instruction.Index >= _image.ImportedFunctions:
                var method = _module.MethodOf(instruction.Index);
                TailCall(_image.Functions[instruction.Index], () =>
                {
                    _frame.LoadInstance();
                    PrefixTail();
                    _il.Emit(OpCodes.Call, method);
                });
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

    void TailCallThrough(LocalBuilder callee, FunctionType type) => TailCall(type, () =>
    {
        LoadTargetAndCode(callee);
        PrefixTail();
        _il.CallThroughPointer(type);
    });

    /// <summary>
    /// Loads the arguments, with nothing else on the IL stack, and calls. The frame cannot be given back within a protected region: there the
    /// arguments wait in their places while it is left for code behind the function's end.
    /// </summary>
    void TailCall(FunctionType type, Action call)
    {
        var count = type.Parameters.Length;
        ShieldVectorArguments(type);
        if (_regions.Count == 1)
        {
            if (_operands.Count > count)
                _operands.Spill();
            _operands.Load(count);
            call();
            EmitRet();
        }
        else
        {
            _operands.Spill();
            var arguments = _operands.Copy(count);
            var label = _il.DefineLabel();
            _il.Emit(OpCodes.Leave, label);
            _outOfLine.Add((label, () =>
            {
                foreach (var argument in arguments)
                    _frame.Load(argument);
                call();
                EmitRet();
            }));
        }

        CutOff();
    }

    void EmitOutOfLine()
    {
        foreach (var (label, emit) in _outOfLine)
        {
            _il.MarkLabel(label);
            emit();
        }
    }
}
