using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// Makes .NET delegates callable from compiled code. For each delegate type one small method is generated that takes the arguments
/// and a <see cref="HostBinding"/> and calls the delegate in it: nothing is boxed on the way.
/// </summary>
static class HostFunction
{
    static readonly ConcurrentDictionary<Type, Type> Stubs = [];
    static readonly ConditionalWeakTable<FunctionType, ConcurrentDictionary<Type, Type>> Checked = [];

    /// <param name="body">What to call.</param>
    /// <param name="declared">The type it has for guests, where that is not what the delegate's own types say.</param>
    internal static Function Create(Delegate body, FunctionType? declared = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var invoke = body.GetType().GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => parameter.ParameterType);
        var wantsCaller = parameters is [var first, ..] && first == typeof(Instance);
        var own = wantsCaller ? parameters[1..] : parameters;
        var result = invoke.ReturnType.WithoutTask;
        if (declared is not null && !EntryStubs.Matches(own, result, declared))
            throw new ArgumentException($"{body.Method} cannot be {declared}: use int, long, float, double, Function or object", nameof(declared));
        var type = declared ?? FunctionType.Of(Array.ConvertAll(own, parameter => TypeOf(parameter, body)), ResultsOf(result, body));
        var givesTasks = invoke.ReturnType.IsAwaited;
        if (givesTasks && !type.Results.All(wanted => wanted.TakesAll))
            throw new ArgumentException($"{body.Method} gives a task, whose references cannot be checked as {type} asks", nameof(declared));
        body = Normalise(body, invoke, parameters);
        var stub = type.Results.All(result => result.TakesAll)
            ? Stubs.GetOrAdd(body.GetType(), static type => Generate(type, null))
            : Checked.GetOrCreateValue(type).GetOrAdd(body.GetType(), static (body, type) => Generate(body, type), type);
        var binding = new HostBinding(body, wantsCaller, type, stub) { GivesTasks = givesTasks };
        return new Function(type, stub.GetMethod("Invoke")!.MethodHandle.GetFunctionPointer(), binding);
    }

    /// <summary>Other delegate types than Func and Action may not be visible to generated code: they are called through one that is.</summary>
    static Delegate Normalise(Delegate body, MethodInfo invoke, Type[] parameters)
    {
        var returns = invoke.ReturnType != typeof(void);
        Type[] arguments = returns ? [.. parameters, invoke.ReturnType] : parameters;
        var name = returns ? $"System.Func`{arguments.Length}" : arguments.Length == 0 ? "System.Action" : $"System.Action`{arguments.Length}";
        var wanted = typeof(object).Assembly.GetType(name) is not { } open ? Expression.GetDelegateType([.. parameters, invoke.ReturnType])
            : arguments.Length == 0 ? open : open.MakeGenericType(arguments);
        return body.GetType() == wanted ? body : Delegate.CreateDelegate(wanted, body, invoke);
    }

    /// <param name="delegateType">What is called.</param>
    /// <param name="checkedType">The type whose results must be looked at before a guest gets them; null when any object will do.</param>
    static Type Generate(Type delegateType, FunctionType? checkedType)
    {
        var invoke = delegateType.GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => parameter.ParameterType);
        var takesCaller = parameters is [var first, ..] && first == typeof(Instance);
        var own = takesCaller ? parameters[1..] : parameters;
        var returned = invoke.ReturnType.WithoutTask;
        var type = CodeAssembly.DefineClass("HostFunctions");
        var il = type.DefineMethod("Invoke", MethodAttributes.Public | MethodAttributes.Static, returned, [.. own, typeof(HostBinding)])
            .GetILGenerator();
        var result = returned == typeof(void) ? null : il.DeclareLocal(returned);
        il.BeginExceptionBlock();
        il.LoadArgument(own.Length);
        il.Emit(OpCodes.Ldfld, Members.BindingBody);
        if (takesCaller)
        {
            il.LoadArgument(own.Length);
            il.Emit(OpCodes.Ldfld, Members.BindingCaller);
        }

        for (var i = 0; i < own.Length; i++)
            il.LoadArgument(i);
        il.Emit(OpCodes.Callvirt, invoke);
        if (invoke.ReturnType.IsAwaited)
        {
            il.LoadArgument(own.Length);
            il.Emit(OpCodes.Call, HostWait.TakerOf(returned));
        }

        if (result is not null)
            il.Emit(OpCodes.Stloc, result);
        il.BeginCatchBlock(typeof(NullReferenceException));
        il.Emit(OpCodes.Call, Members.FaultOfHost);
        il.Emit(OpCodes.Throw);
        il.EndExceptionBlock();
        if (result is not null)
            il.Emit(OpCodes.Ldloc, result);
        if (checkedType is not null)
            EmitChecks(il, checkedType, () => il.LoadArgument(own.Length));
        il.Emit(OpCodes.Ret);
        return type.CreateType();
    }

    /// <summary>Looks at the references among the results, which stay on the IL stack as they are.</summary>
    static void EmitChecks(ILGenerator il, FunctionType type, Action loadBinding)
    {
        var results = il.DeclareLocal(type.ClrResult);
        il.Emit(OpCodes.Stloc, results);
        if (type.Results.Length == 1)
        {
            il.Emit(OpCodes.Ldloc, results);
            Check(0);
        }
        else
        {
            TupleEmitter.Unpack(il, results, type.Results.Length, Check);
        }

        il.Emit(OpCodes.Ldloc, results);

        void Check(int i)
        {
            if (type.Results[i].TakesAll)
            {
                il.Emit(OpCodes.Pop);
                return;
            }

            loadBinding();
            il.LoadInt32(i);
            il.Emit(OpCodes.Call, Members.BindingCheckResult);
        }
    }

    static WasmType[] ResultsOf(Type type, Delegate body)
    {
        if (type == typeof(void))
            return [];
        if (!ResultTuple.IsTuple(type))
            return [TypeOf(type, body)];
        var types = new List<WasmType>();
        return ResultTuple.TryFlatten(type, types) ? [.. types] : throw NoSuchType(type, body);
    }

    static WasmType TypeOf(Type type, Delegate body) => ValueKinds.Of(type) ?? throw NoSuchType(type, body);

    static ArgumentException NoSuchType(Type type, Delegate body) =>
        new($"WebAssembly has no type for the {type.Name} in {body.Method}: use int, long, float, double, Function or object", nameof(body));
}
