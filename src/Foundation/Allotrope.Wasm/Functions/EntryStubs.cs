using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// The way from the host into a guest: methods that open the store, call the function's code and close the store again, one per signature
/// and delegate type.
/// </summary>
static class EntryStubs
{
    static readonly ConditionalWeakTable<FunctionType, ConcurrentDictionary<Type, DynamicMethod>> Typed = [];

    internal static Delegate Create(Function function, Type delegateType)
    {
        var stubs = Typed.GetOrCreateValue(function.Type);
        var stub = stubs.GetOrAdd(delegateType, static (type, signature) => GenerateTyped(type, signature), function.Type);
        return stub.CreateDelegate(delegateType, function);
    }

    /// <summary>The untyped entry: values in, values out.</summary>
    internal static Invoker CreateInvoker(FunctionType type)
    {
        Type[] parameters = [typeof(Function), typeof(ReadOnlySpan<Value>), typeof(Span<Value>)];
        var method = new DynamicMethod("Invoke", typeof(void), parameters, typeof(Function).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var result = EmitCall(il, type, i => LoadValue(il, type, i));
        EmitResults(il, type, result);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Invoker>();
    }

    /// <summary>Loads an argument of an untyped call.</summary>
    internal static void LoadValue(ILGenerator il, FunctionType type, int i)
    {
        il.Emit(OpCodes.Ldarga_S, (byte)1);
        il.LoadInt32(i);
        il.Emit(OpCodes.Call, ReadItem);
        if (type.Parameters[i].IsReference)
        {
            il.Emit(OpCodes.Ldobj, typeof(Value));
            il.Emit(OpCodes.Ldarg_0);
            il.LoadInt32(i);
            il.Emit(OpCodes.Call, Members.FunctionTakeArgument);
        }
        else
        {
            il.Emit(OpCodes.Call, Reader(type.Parameters[i].Kind));
        }
    }

    static readonly MethodInfo ReadItem = typeof(ReadOnlySpan<Value>).GetProperty("Item")!.GetMethod!;
    static readonly MethodInfo WriteItem = typeof(Span<Value>).GetProperty("Item")!.GetMethod!;

    static DynamicMethod GenerateTyped(Type delegateType, FunctionType type)
    {
        var invoke = delegateType.GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => parameter.ParameterType);
        if (!Matches(parameters, invoke.ReturnType.WithoutTask, type))
            throw new ArgumentException($"the function is {type}, which {delegateType} is no delegate for", nameof(delegateType));
        var method = new DynamicMethod(
            "Enter", invoke.ReturnType, [typeof(Function), .. parameters], typeof(Function).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        if (invoke.ReturnType.IsAwaited)
        {
            AwaitedEntry.Emit(il, type, invoke.ReturnType, LoadArgument);
            return method;
        }

        var result = EmitCall(il, type, LoadArgument);
        if (result is not null)
            il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Ret);
        return method;

        void LoadArgument(int i)
        {
            il.LoadArgument(i + 1);
            if (!type.Parameters[i].TakesAll)
            {
                il.Emit(OpCodes.Ldarg_0);
                il.LoadInt32(i);
                il.Emit(OpCodes.Call, Members.FunctionCheckArgument);
            }
        }
    }

    internal static bool Matches(Type[] parameters, Type result, FunctionType type)
    {
        if (parameters.Length != type.Parameters.Length)
            return false;
        for (var i = 0; i < parameters.Length; i++)
        {
            if (ValueKinds.Of(parameters[i]) != type.Parameters[i].Kind.Representation)
                return false;
        }

        return type.Results.Length == 1 ? ValueKinds.Of(result) == type.Results[0].Kind.Representation : result == type.ClrResult;
    }

    /// <summary>Enter; try { call } catch what faults { make a trap of it } finally { leave }. Gives the local that holds the result.</summary>
    /// <param name="il">Where to emit.</param>
    /// <param name="type">The function's.</param>
    /// <param name="loadArgument">Emits the load of an argument.</param>
    /// <param name="suspension">For what is to go on later, when the call may be suspended.</param>
    internal static LocalBuilder? EmitCall(ILGenerator il, FunctionType type, Action<int> loadArgument, LocalBuilder? suspension = null)
    {
        var outer = il.DeclareLocal(suspension is null ? typeof(Activation) : typeof(AwaitedActivation));
        var result = type.Results.Length == 0 ? null : il.DeclareLocal(type.ClrResult);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, suspension is null ? Members.FunctionEnter : AwaitedEntry.Enter);
        il.Emit(OpCodes.Stloc, outer);
        il.BeginExceptionBlock();
        il.BeginExceptionBlock();
        for (var i = 0; i < type.Parameters.Length; i++)
            loadArgument(i);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.FunctionTarget);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.FunctionCode);
        il.CallThroughPointer(type);
        if (result is not null)
            il.Emit(OpCodes.Stloc, result);
        il.BeginCatchBlock(typeof(NullReferenceException));
        il.Emit(OpCodes.Call, Members.FaultToTrap);
        il.Emit(OpCodes.Throw);
        il.BeginCatchBlock(typeof(HostFault));
        il.Emit(OpCodes.Call, Members.FaultRethrow);
        il.EndExceptionBlock();
        if (suspension is not null)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Call, AwaitedEntry.Detach);
            il.Emit(OpCodes.Stloc, suspension);
        }

        il.BeginFinallyBlock();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, outer);
        il.Emit(OpCodes.Call, suspension is null ? Members.FunctionLeave : AwaitedEntry.Leave);
        il.EndExceptionBlock();
        return result;
    }

    internal static void EmitResults(ILGenerator il, FunctionType type, LocalBuilder? result)
    {
        if (result is null)
            return;
        if (type.Results.Length == 1)
        {
            il.Emit(OpCodes.Ldloc, result);
            Store(0);
            return;
        }

        TupleEmitter.Unpack(il, result, type.Results.Length, Store);

        void Store(int i)
        {
            var kind = type.Results[i].Kind;
            var plain = il.DeclareLocal(kind.ClrType);
            il.Emit(OpCodes.Stloc, plain);
            EmitToValue(il, kind, () => il.Emit(OpCodes.Ldloc, plain));
            var value = il.DeclareLocal(typeof(Value));
            il.Emit(OpCodes.Stloc, value);
            il.Emit(OpCodes.Ldarga_S, (byte)2);
            il.LoadInt32(i);
            il.Emit(OpCodes.Call, WriteItem);
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Stobj, typeof(Value));
        }
    }

    /// <summary>Leaves a <see cref="Value"/> on the IL stack.</summary>
    internal static void EmitToValue(ILGenerator il, ValueKind kind, Action load)
    {
        if (kind.IsReference)
            il.LoadInt32((int)kind);
        load();
        il.Emit(OpCodes.Call, kind.IsReference ? Members.ValueFromReference : Writer(kind));
    }

    /// <summary>Replaces the address of a <see cref="Value"/>, which is known to be of the kind, by what it holds.</summary>
    internal static void EmitFromValue(ILGenerator il, ValueKind kind) =>
        il.Emit(OpCodes.Call, kind.IsReference ? Members.ValueReference : Reader(kind));

    static MethodInfo Reader(ValueKind kind) => Members.Method(typeof(Value), kind switch
    {
        ValueKind.I32 => nameof(Value.AsInt32),
        ValueKind.I64 => nameof(Value.AsInt64),
        ValueKind.F32 => nameof(Value.AsSingle),
        ValueKind.V128 => nameof(Value.AsVector128),
        _ => nameof(Value.AsDouble),
    });

    static MethodInfo Writer(ValueKind kind) => Members.Method(typeof(Value), kind switch
    {
        ValueKind.I32 => nameof(Value.FromInt32),
        ValueKind.I64 => nameof(Value.FromInt64),
        ValueKind.F32 => nameof(Value.FromSingle),
        ValueKind.V128 => nameof(Value.FromVector128),
        _ => nameof(Value.FromDouble),
    });
}
