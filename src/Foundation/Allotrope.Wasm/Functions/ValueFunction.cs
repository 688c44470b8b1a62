using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>A host function whose signature is known only at run time. What it leaves in <paramref name="results"/> is checked against its type.</summary>
/// <param name="caller">The instance that imports the function; null when it is called through a table or reference that the host gave.</param>
/// <param name="arguments">As many and of the types that the function's type says.</param>
/// <param name="results">Room for exactly the results.</param>
public delegate void ValueCall(Instance? caller, ReadOnlySpan<Value> arguments, Span<Value> results);

/// <summary>Makes a <see cref="ValueCall"/> callable from compiled code: for each signature one small method that puts the arguments into an array.</summary>
static class ValueFunction
{
    static readonly ConditionalWeakTable<FunctionType, Type> Stubs = [];
    static readonly MethodInfo RunBody = Members.Method(typeof(ValueFunction), nameof(Run));

    internal static Function Create(FunctionType type, ValueCall body)
    {
        var stub = Stubs.GetValue(type, Generate);
        return new Function(type, stub.GetMethod("Invoke")!.MethodHandle.GetFunctionPointer(), new HostBinding(body, wantsCaller: true, type, stub));
    }

    static Type Generate(FunctionType type)
    {
        var count = type.Parameters.Length;
        Type[] parameters = [.. type.Parameters.Select(parameter => parameter.ClrType), typeof(HostBinding)];
        var builder = CodeAssembly.DefineClass("ValueFunctions");
        var il = builder.DefineMethod("Invoke", MethodAttributes.Public | MethodAttributes.Static, type.ClrResult, parameters).GetILGenerator();
        var values = il.DeclareLocal(typeof(Value[]));
        il.LoadInt32(count + type.Results.Length);
        il.Emit(OpCodes.Newarr, typeof(Value));
        il.Emit(OpCodes.Stloc, values);
        for (var i = 0; i < count; i++)
        {
            il.Emit(OpCodes.Ldloc, values);
            il.LoadInt32(i);
            EntryStubs.EmitToValue(il, type.Parameters[i].Kind, () => il.LoadArgument(i));
            il.Emit(OpCodes.Stelem, typeof(Value));
        }

        il.Emit(OpCodes.Ldloc, values);
        il.LoadArgument(count);
        il.Emit(OpCodes.Call, RunBody);
        for (var i = 0; i < type.Results.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, values);
            il.LoadInt32(count + i);
            il.Emit(OpCodes.Ldelema, typeof(Value));
            EntryStubs.EmitFromValue(il, type.Results[i].Kind);
        }

        TupleEmitter.Pack(il, type.Results.AsSpan());
        il.Emit(OpCodes.Ret);
        return builder.CreateType();
    }

    internal static void Run(Value[] values, HostBinding binding)
    {
        var type = binding.Type;
        var results = values.AsSpan(type.Parameters.Length);
        try
        {
            ((ValueCall)binding.Body)(binding.Caller, values.AsSpan(0, type.Parameters.Length), results);
        }
        catch (NullReferenceException e)
        {
            throw HostFault.Of(e);
        }

        for (var i = 0; i < results.Length; i++)
        {
            if (type.Results[i].IsReference)
                _ = results[i].AsReference(type.Results[i]);
            else if (results[i].Kind != type.Results[i].Kind)
                throw new InvalidOperationException($"a host function {type} gave {results[i]} as result {i}");
        }
    }
}
