using System.Reflection;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>The ways into a guest for who gets a task.</summary>
static class AwaitedEntry
{
    internal static readonly MethodInfo Enter = Members.Method(typeof(Function), nameof(Function.EnterAwaiting));
    internal static readonly MethodInfo Detach = Members.Method(typeof(Function), nameof(Function.Detach));
    internal static readonly MethodInfo Leave = Members.Method(typeof(Function), nameof(Function.LeaveAwaiting));

    static readonly MethodInfo Failed = Method(typeof(ValueTask), nameof(ValueTask.FromException), isGeneric: false);
    static readonly MethodInfo FailedOf = Method(typeof(ValueTask), nameof(ValueTask.FromException), isGeneric: true);
    static readonly MethodInfo Finish = Method(typeof(Suspension), nameof(Suspension.FinishAsync), isGeneric: false);
    static readonly MethodInfo FinishOf = Method(typeof(Suspension), nameof(Suspension.FinishAsync), isGeneric: true);
    static readonly MethodInfo TakeOf = Method(typeof(Suspension), nameof(Suspension.Take), isGeneric: true);

    /// <summary>A typed entry: whatever happens is in the task.</summary>
    /// <param name="il">The whole method, whose first argument is the function.</param>
    /// <param name="type">The function's.</param>
    /// <param name="task">The type of the task.</param>
    /// <param name="loadArgument">Emits the load of one of the arguments.</param>
    internal static void Emit(ILGenerator il, FunctionType type, Type task, Action<int> loadArgument)
    {
        var returned = il.DeclareLocal(task);
        var suspension = il.DeclareLocal(typeof(Suspension));
        var (suspended, end) = (il.DefineLabel(), il.DefineLabel());
        il.BeginExceptionBlock();
        var result = EntryStubs.EmitCall(il, type, loadArgument, suspension);
        il.Emit(OpCodes.Ldloc, suspension);
        il.Emit(OpCodes.Brtrue, suspended);
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

        il.Emit(OpCodes.Br, end);
        il.MarkLabel(suspended);
        il.Emit(OpCodes.Ldloc, suspension);
        il.Emit(OpCodes.Call, For(task, Finish, FinishOf));
        il.Emit(OpCodes.Stloc, returned);
        il.MarkLabel(end);
        il.BeginCatchBlock(typeof(Exception));
        il.Emit(OpCodes.Call, For(task, Failed, FailedOf));
        il.Emit(OpCodes.Stloc, returned);
        il.EndExceptionBlock();
        il.Emit(OpCodes.Ldloc, returned);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>The untyped entry: the results are written unless the call was suspended.</summary>
    internal static AwaitedInvoker CreateInvoker(FunctionType type)
    {
        Type[] parameters = [typeof(Function), typeof(ReadOnlySpan<Value>), typeof(Span<Value>)];
        var method = new DynamicMethod("InvokeAwaited", typeof(Suspension), parameters, typeof(Function).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var suspension = il.DeclareLocal(typeof(Suspension));
        var suspended = il.DefineLabel();
        var result = EntryStubs.EmitCall(il, type, i => EntryStubs.LoadValue(il, type, i), suspension);
        il.Emit(OpCodes.Ldloc, suspension);
        il.Emit(OpCodes.Brtrue, suspended);
        EntryStubs.EmitResults(il, type, result);
        il.MarkLabel(suspended);
        il.Emit(OpCodes.Ldloc, suspension);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<AwaitedInvoker>();
    }

    internal static AwaitedResults CreateResults(FunctionType type)
    {
        Type[] parameters = [typeof(object), typeof(Suspension), typeof(Span<Value>)];
        var method = new DynamicMethod("TakeResults", typeof(void), parameters, typeof(Function).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        if (type.Results.Length > 0)
        {
            var result = il.DeclareLocal(type.ClrResult);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Call, TakeOf.MakeGenericMethod(type.ClrResult));
            il.Emit(OpCodes.Stloc, result);
            EntryStubs.EmitResults(il, type, result);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<AwaitedResults>();
    }

    static MethodInfo For(Type task, MethodInfo plain, MethodInfo generic) =>
        task == typeof(ValueTask) ? plain : generic.MakeGenericMethod(task.GetGenericArguments());

    static MethodInfo Method(Type type, string name, bool isGeneric) =>
        type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Single(method => method.Name == name && method.IsGenericMethod == isGeneric);
}

/// <summary>Calls a function as <see cref="Invoker"/> does; gives what is to go on later when the call is suspended.</summary>
delegate Suspension? AwaitedInvoker(Function function, ReadOnlySpan<Value> arguments, Span<Value> results);

/// <summary>Gives what a suspended call gave in the end. The first parameter is there for the others to be where code expects them.</summary>
delegate void AwaitedResults(object? nothing, Suspension suspension, Span<Value> results);
