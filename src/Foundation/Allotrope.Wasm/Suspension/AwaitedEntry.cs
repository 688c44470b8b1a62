using System.Reflection;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>The way into a guest for who gets a task: whatever happens is in the task.</summary>
static class AwaitedEntry
{
    static readonly MethodInfo Failed = FromException(isGeneric: false);
    static readonly MethodInfo FailedOf = FromException(isGeneric: true);

    /// <param name="il">The whole method, whose first argument is the function.</param>
    /// <param name="type">The function's.</param>
    /// <param name="task">The type of the task.</param>
    /// <param name="loadArgument">Emits the load of one of the arguments.</param>
    internal static void Emit(ILGenerator il, FunctionType type, Type task, Action<int> loadArgument)
    {
        var returned = il.DeclareLocal(task);
        il.BeginExceptionBlock();
        var result = EntryStubs.EmitCall(il, type, loadArgument);
        il.Emit(OpCodes.Ldloca, returned);
        if (result is null)
        {
            il.Emit(OpCodes.Initobj, task);
        }
        else
        {
            il.Emit(OpCodes.Ldloc, result);
            il.Emit(OpCodes.Call, task.GetConstructor(task.GetGenericArguments())!);
        }

        il.BeginCatchBlock(typeof(Exception));
        il.Emit(OpCodes.Call, task == typeof(ValueTask) ? Failed : FailedOf.MakeGenericMethod(task.GetGenericArguments()));
        il.Emit(OpCodes.Stloc, returned);
        il.EndExceptionBlock();
        il.Emit(OpCodes.Ldloc, returned);
        il.Emit(OpCodes.Ret);
    }

    static MethodInfo FromException(bool isGeneric) =>
        typeof(ValueTask).GetMethods().Single(method => method.Name == nameof(ValueTask.FromException) && method.IsGenericMethod == isGeneric);
}
