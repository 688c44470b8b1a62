using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>A vector instruction that is a method, or two of which the second takes the first's result.</summary>
sealed class VectorOperation
{
    static readonly ConcurrentDictionary<(Type From, Type To), MethodInfo> Conversions = [];
    static readonly MethodInfo OpenConversion = typeof(Vector128).GetMethod(nameof(Vector128.As))!;

    readonly MethodInfo _first;
    readonly MethodInfo? _second;

    internal VectorOperation(MethodInfo first, MethodInfo? second = null)
    {
        (_first, _second) = (first, second);
        Takes = Array.ConvertAll(first.GetParameters(), parameter => LaneOf(parameter.ParameterType));
        Gives = LaneOf((second ?? first).ReturnType);
    }

    /// <summary>The type of the lanes that each operand must have; null for those that are no vectors.</summary>
    internal Type?[] Takes { get; }

    /// <summary>The type of the result's lanes; null when it is no vector.</summary>
    internal Type? Gives { get; }

    /// <summary>Machine code of the method, and of the second or zero.</summary>
    internal void Address(out nint first, out nint second)
    {
        first = _first.MethodHandle.GetFunctionPointer();
        second = _second?.MethodHandle.GetFunctionPointer() ?? 0;
    }

    internal void Emit(ILGenerator il)
    {
        il.Emit(OpCodes.Call, _first);
        if (_second is not null)
            il.Emit(OpCodes.Call, _second);
    }

    /// <summary>The same bits as lanes of another type; no machine code comes of it.</summary>
    internal static MethodInfo Conversion(Type from, Type to) =>
        Conversions.GetOrAdd((from, to), static pair => OpenConversion.MakeGenericMethod(pair.From, pair.To));

    static Type? LaneOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Vector128<>) ? type.GetGenericArguments()[0] : null;
}
