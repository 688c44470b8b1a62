using System.Reflection;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// A function that goes on at a loop: a method that takes the frame the interpreter left there instead of arguments, puts its variables and operands where
/// compiled code has them, and jumps to the loop's head. What is before the loop is not reached, but by way of loops around it.
/// </content>
sealed partial class FunctionCompiler
{
    /// <summary>The arguments of such a method, before the instance: slots, the stack, and the first reference of the frame.</summary>
    internal static readonly Type[] LoopEntryParameters = [typeof(nint), typeof(InterpreterStack), typeof(int), typeof(Instance)];

    static readonly MethodInfo ForgetReferences = Members.Method(typeof(InterpreterStack), nameof(InterpreterStack.Forget), typeof(InterpreterStack), typeof(int), typeof(int));

    readonly int _entryLoop;
    (Label Head, Operand[] Operands, bool KeepsFuel)? _entry;
    Label _entering;

    /// <summary>Whether the method begins where the function does.</summary>
    bool BeginsAtStart => !_isResumption && _entryLoop == 0;

    void BeginAtLoop()
    {
        ReadStack();
        _entering = _il.DefineLabel();
        _il.Emit(OpCodes.Br, _entering);
    }

    /// <summary>At a loop's head, with nothing on the IL stack.</summary>
    void NoteLoop(Label head, int at)
    {
        if (at == _entryLoop)
            _entry = (head, _operands.Copies(), _loopsKeepingFuel > 0);
    }

    void EmitLoopEntry()
    {
        if (_entryLoop == 0)
            return;
        var (head, operands, keepsFuel) = _entry ?? throw new InvalidOperationException($"the loop at byte {_entryLoop} is not where it was");
        _il.MarkLabel(_entering);
        var place = new CallStubs.Places(_il, OpCodes.Ldarg_0, OpCodes.Ldarg_1, OpCodes.Ldarg_2);
        for (var i = 0; i < _frame.Kinds.Length; i++)
        {
            place.Load(_frame.Kinds[i]);
            _frame.StoreLocal(i);
        }

        foreach (var operand in operands)
        {
            if (operand.Place == Place.Temporary)
            {
                place.Load(operand.Kind);
                _frame.StoreTemporary(operand.Slot);
            }
            else
            {
                place.Skip(operand.Kind);
            }
        }

        if (place.References > 0)
        {
            _il.Emit(OpCodes.Ldarg_1);
            _il.Emit(OpCodes.Ldarg_2);
            _il.LoadInt32(place.References);
            _il.Emit(OpCodes.Call, ForgetReferences);
        }

        if (keepsFuel)
            ReadFuel();
        _il.Emit(OpCodes.Br, head);
    }
}
