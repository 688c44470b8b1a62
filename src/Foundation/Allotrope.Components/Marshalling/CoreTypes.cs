using System.Linq.Expressions;
using System.Reflection;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Core values in generated code.</summary>
static class CoreTypes
{
    internal static Type Of(ValueKind kind) => kind switch
    {
        ValueKind.I32 => typeof(int),
        ValueKind.I64 => typeof(long),
        ValueKind.F32 => typeof(float),
        _ => typeof(double),
    };

    /// <summary>The type of a delegate of core code.</summary>
    /// <param name="type">The function's type.</param>
    /// <param name="waits">Whether it gives a ValueTask.</param>
    internal static Type Delegate(FunctionType type, bool waits) =>
        Expression.GetDelegateType([.. type.Parameters.Select(parameter => Of(parameter.Kind)), Result(type, waits)]);

    internal static Type Result(FunctionType type, bool waits)
    {
        var result = type.Results.Length == 0 ? typeof(void) : Of(type.Results[0].Kind);
        return !waits ? result : result == typeof(void) ? typeof(ValueTask) : typeof(ValueTask<>).MakeGenericType(result);
    }

    /// <summary>What cases of a variant share is as wide as the widest: the same bits as another core type.</summary>
    internal static Expression Reinterpret(Expression value, Type type)
    {
        if (value.Type == type)
            return value;
        if (value.Type == typeof(float))
            value = Expression.Call(typeof(BitConverter), nameof(BitConverter.SingleToInt32Bits), null, value);
        else if (value.Type == typeof(double))
            value = Expression.Call(typeof(BitConverter), nameof(BitConverter.DoubleToInt64Bits), null, value);
        if (type == typeof(float))
            return Expression.Call(typeof(BitConverter), nameof(BitConverter.Int32BitsToSingle), null, Expression.Convert(value, typeof(int)));
        if (type == typeof(double))
            return Expression.Call(typeof(BitConverter), nameof(BitConverter.Int64BitsToDouble), null, value);
        // 32 bits in 64 have zeros above them.
        return type == typeof(long) && value.Type == typeof(int)
            ? Expression.Convert(Expression.Convert(value, typeof(uint)), typeof(long))
            : Expression.Convert(value, type);
    }

    /// <summary>An address or length as 64 bits.</summary>
    internal static Expression Address(Expression value) => Reinterpret(value, typeof(long)) is var wide && wide.Type == typeof(ulong) ? wide : Expression.Convert(wide, typeof(ulong));

    internal static MethodInfo Method(Type type, string name) =>
        type.GetMethod(name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
        ?? throw new MissingMethodException(type.Name, name);
}
