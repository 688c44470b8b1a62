using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <content>Where interpreted functions change over to compiled code.</content>
static unsafe partial class Interpreter
{
    /// <summary>The innermost function was called often.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void WarmUp(InterpreterStack stack)
    {
        var (code, steps) = (stack.Code!, stack.Instance!.Steps!);
        code.Warmth = steps.Options.Warming.Interval;
        steps.Hot!.Ask(code.Index);
    }

    /// <summary>
    /// The innermost function is at a loop that went round often. When there is code for the rest of the function from there on, runs it: true, and the
    /// results are at the frame's beginning. Code for the whole function comes first: mostly it is called again before the loop is worth it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static bool RunRest(InterpreterStack stack, Step* step, long* frame)
    {
        var (code, instance) = (stack.Code!, stack.Instance!);
        var (loop, hot) = (code.Loops[step->Bits], instance.Steps!.Hot!);
        code.Warmth = instance.Steps.Options.Warming.Interval;
        hot.Ask(code.Index);
        if (!loop.IsEnterable || instance.Steps.Known[code.Index] is not { Compiled: not 0 })
            return false;
        hot.Ask(code.Index, loop);
        var entry = Volatile.Read(ref loop.Entry);
        if (entry == 0)
            return false;
        Leave(stack);
        var left = stack.Guard.StackLeft;
        try
        {
            code.Type.LoopCaller(entry, frame, stack, stack.FirstReference, instance);
        }
        finally
        {
            stack.Guard.StackLeft = left;
        }

        ForgetBehindResults(stack);
        return true;
    }

    /// <summary>The innermost function is only a step that calls compiled code.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void RunCompiled(InterpreterStack stack, long* frame)
    {
        var (code, instance) = (stack.Code!, stack.Instance!);
        var function = instance.FunctionAt(code.Index);
        function.BecomeCompiled(code.Compiled, instance);
        Leave(stack);
        var left = stack.Guard.StackLeft;
        try
        {
            CallOutside(function, frame, stack, stack.FirstReference);
        }
        finally
        {
            stack.Guard.StackLeft = left;
        }

        ForgetBehindResults(stack);
    }

    /// <summary>Compiled code goes on in the innermost function's place: traces have it from there, and what is thrown is not for this frame.</summary>
    static void Leave(InterpreterStack stack) => stack.Ip = stack.Code!.End;

    static void ForgetBehindResults(InterpreterStack stack)
    {
        var code = stack.Code!;
        if (code.References > code.ResultReferences)
            Array.Clear(stack.References, stack.FirstReference + code.ResultReferences, code.References - code.ResultReferences);
    }
}
