using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>
/// Makes .NET delegates callable from compiled code. For each delegate type one small method is generated that takes the arguments
/// and a <see cref="HostBinding"/> and calls the delegate in it: nothing is boxed on the way.
/// </summary>
static class HostFunction
{
    static readonly ConcurrentDictionary<Type, Type> Stubs = [];

    internal static Function Create(Delegate body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var invoke = body.GetType().GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => parameter.ParameterType);
        var wantsCaller = parameters is [var first, ..] && first == typeof(Instance);
        var type = FunctionType.Of(
            Array.ConvertAll(wantsCaller ? parameters[1..] : parameters, parameter => TypeOf(parameter, body)),
            ResultsOf(invoke.ReturnType, body));
        body = Normalise(body, invoke, parameters);
        var stub = Stubs.GetOrAdd(body.GetType(), Generate);
        return new Function(type, stub.GetMethod("Invoke")!.MethodHandle.GetFunctionPointer(), new HostBinding(body, wantsCaller));
    }

    /// <summary>Other delegate types than Func and Action may not be visible to generated code: they are called through one that is.</summary>
    static Delegate Normalise(Delegate body, MethodInfo invoke, Type[] parameters)
    {
        var returns = invoke.ReturnType != typeof(void);
        Type[] arguments = returns ? [.. parameters, invoke.ReturnType] : parameters;
        var name = returns ? $"System.Func`{arguments.Length}" : arguments.Length == 0 ? "System.Action" : $"System.Action`{arguments.Length}";
        var open = typeof(object).Assembly.GetType(name)
            ?? throw new ArgumentException($"a host function has at most 16 parameters, not {parameters.Length}", nameof(body));
        var wanted = arguments.Length == 0 ? open : open.MakeGenericType(arguments);
        return body.GetType() == wanted ? body : Delegate.CreateDelegate(wanted, body, invoke);
    }

    static Type Generate(Type delegateType)
    {
        var invoke = delegateType.GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => parameter.ParameterType);
        var takesCaller = parameters is [var first, ..] && first == typeof(Instance);
        var own = takesCaller ? parameters[1..] : parameters;
        var type = CodeAssembly.DefineClass("HostFunctions");
        var il = type.DefineMethod("Invoke", MethodAttributes.Public | MethodAttributes.Static, invoke.ReturnType, [.. own, typeof(HostBinding)])
            .GetILGenerator();
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
        il.Emit(OpCodes.Ret);
        return type.CreateType();
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
