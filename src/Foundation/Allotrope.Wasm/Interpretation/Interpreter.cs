using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Allotrope.Wasm;

/// <summary>
/// Runs functions without compiling them. Functions that call each other take turns in one loop and have their frames in the store's
/// <see cref="InterpreterStack"/>; the machine's stack grows only where the host or compiled code is in between.
/// </summary>
static unsafe partial class Interpreter
{
    /// <summary>By this the frames of the loop are found in a trace.</summary>
    internal const string LoopName = nameof(Loop);

    /// <summary>Runs a function whose arguments are where the next frame begins; its results will be there.</summary>
    internal static void Run(InterpreterStack stack, InterpretedFunction function)
    {
        var instance = function.Instance;
        byte marker;
        if ((nuint)(&marker) < Volatile.Read(ref stack.Guard.StackLimit))
            Guard.Refuse(spare: 0, instance);
        var callee = function.Steps;
        var outer = new Suspended(stack);
        try
        {
            Enter(stack, instance, callee, stack.Free, stack.FreeReference);
            stack.Base = stack.Depth;
            RunEntered(stack);
        }
        finally
        {
            outer.Resume(stack);
        }
    }

    static void RunEntered(InterpreterStack stack)
    {
        while (true)
        {
            Exception passing;
            try
            {
                Loop(stack);
                return;
            }
            catch (NullReferenceException fault)
            {
                // Of compiled code that was called from here; the host's own travel as another exception.
                passing = HostFault.ToTrap(fault);
                stack.TryCatch(passing);
            }
            catch (Exception exception)
            {
                if (stack.TryCatch(exception))
                    continue;
                passing = exception;
            }

            // Not from within the handler: that would keep all that is below on the stack, at each of the levels that guests and host make of it.
            ExceptionDispatchInfo.Throw(passing);
        }
    }

    /// <summary>Makes a function the innermost one. Its arguments are at the beginning of its frame.</summary>
    static void Enter(InterpreterStack stack, Instance instance, FunctionSteps callee, long* frame, int firstReference)
    {
        if (stack.Limit - frame < callee.Slots)
            throw new Trap(TrapKind.StackExhausted);
        stack.Guard.Look();
        var callers = stack.Callers;
        if (stack.Depth + 1 >= callers.Length)
            callers = stack.GrowCallers();
        ref var caller = ref callers[stack.Depth + 1];
        caller.Ip = stack.Ip;
        caller.Frame = stack.Frame;
        caller.FirstReference = stack.FirstReference;
        caller.Code = stack.Code;
        caller.Instance = stack.Instance;
        EnterReferences(stack, callee, firstReference);
        stack.Depth++;
        stack.Frame = frame;
        stack.Code = callee;
        stack.Ip = callee.First;
        if (stack.Instance != instance)
            stack.Use(instance);
        new Span<long>(frame + callee.ParameterSlots, (int)(callee.VariableSlots - callee.ParameterSlots)).Clear();
    }

    static void EnterReferences(InterpreterStack stack, FunctionSteps callee, int first)
    {
        stack.Reserve(first + callee.References);
        stack.FirstReference = first;
        if (callee.References > callee.ParameterReferences)
            Array.Clear(stack.References, first + callee.ParameterReferences, callee.References - callee.ParameterReferences);
    }

    /// <summary>Puts the results to the frame's beginning and forgets the references behind them.</summary>
    static void ReturnMany(InterpreterStack stack, Step* step, long* frame)
    {
        var code = stack.Code!;
        new Span<long>(frame + step->B, code.ResultSlots).CopyTo(new Span<long>(frame, code.ResultSlots));
        if (code.References == 0)
            return;
        var references = stack.References.AsSpan(stack.FirstReference, code.References);
        references.Slice(step->C, code.ResultReferences).CopyTo(references);
        references[code.ResultReferences..].Clear();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static FunctionSteps Make(InterpreterStack stack, uint index) => stack.Instance!.Steps!.At((int)index);

    /// <summary>What the stack was about when something else was entered.</summary>
    readonly struct Suspended
    {
        readonly int _depth, _base, _firstReference;
        readonly Step* _ip;
        readonly long* _frame;
        readonly FunctionSteps? _code;
        readonly Instance? _instance;

        internal Suspended(InterpreterStack stack)
        {
            (_depth, _base, _firstReference, _code, _instance) = (stack.Depth, stack.Base, stack.FirstReference, stack.Code, stack.Instance);
            _ip = stack.Ip;
            _frame = stack.Frame;
        }

        internal void Resume(InterpreterStack stack)
        {
            (stack.Depth, stack.Base, stack.FirstReference, stack.Code) = (_depth, _base, _firstReference, _code);
            stack.Ip = _ip;
            stack.Frame = _frame;
            if (stack.Instance != _instance)
                stack.Use(_instance);
            if (_depth == 0)
                stack.Forget();
        }
    }
}
