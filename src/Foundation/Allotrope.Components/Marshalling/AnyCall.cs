using System.Linq.Expressions;
using System.Reflection;

namespace Allotrope.Components;

/// <summary>Makes delegates of plain types (<see cref="PlainShapes"/>) out of delegates that take arrays of values, and the other way.</summary>
static class AnyCall
{
    static readonly MethodInfo ToHost = CoreTypes.Method(typeof(Shape), nameof(Shape.ToHost));
    static readonly MethodInfo FromHost = CoreTypes.Method(typeof(Shape), nameof(Shape.FromHost));

    /// <summary>Calls a delegate of the signature with values.</summary>
    internal static Func<Delegate, object?[], ValueTask<object?>> Unpack(Signature signature)
    {
        var callee = Expression.Parameter(typeof(Delegate));
        var values = Expression.Parameter(typeof(object?[]));
        var arguments = signature.Parameters.Select((shape, i) =>
            (Expression)Expression.Convert(Expression.Call(Expression.Constant(shape), ToHost, Expression.ArrayIndex(values, Expression.Constant(i))), shape.Host));
        Expression invoke = Expression.Invoke(Expression.Convert(callee, signature.Delegate), arguments);
        invoke = (signature.Waits, signature.Result) switch
        {
            (true, { } shape) => Expression.Call(Own(nameof(GivenAsync)).MakeGenericMethod(shape.Host), invoke, Expression.Constant(shape, typeof(Shape))),
            (true, null) => Expression.Call(Own(nameof(EndedAsync)), invoke),
            (false, { } shape) => Expression.Call(Own(nameof(PresentAsync)), Expression.Convert(invoke, typeof(object)), Expression.Constant(shape, typeof(Shape))),
            _ => Expression.Block(invoke, Expression.Default(typeof(ValueTask<object?>))),
        };
        return Expression.Lambda<Func<Delegate, object?[], ValueTask<object?>>>(invoke, callee, values).Compile();
    }

    /// <summary>A delegate of the signature, whose state comes first, that calls one which takes the state and values.</summary>
    internal static Delegate Pack(Signature signature, Delegate body)
    {
        var state = Expression.Parameter(signature.Delegate.GetMethod("Invoke")!.GetParameters()[0].ParameterType);
        var parameters = Array.ConvertAll(signature.Parameters, shape => Expression.Parameter(shape.Host));
        var values = Expression.NewArrayInit(typeof(object), signature.Parameters.Select((shape, i) =>
            Expression.Call(Expression.Constant(shape), FromHost, Expression.Convert(parameters[i], typeof(object)))));
        Expression invoke = Expression.Invoke(Expression.Constant(body), state, values);
        invoke = signature.Result is { } shape
            ? Expression.Call(Own(nameof(TakenAsync)).MakeGenericMethod(shape.Host), invoke, Expression.Constant(shape, typeof(Shape)))
            : Expression.Call(Own(nameof(NothingAsync)), invoke);
        return Expression.Lambda(signature.Delegate, invoke, [state, .. parameters]).Compile();
    }

    static MethodInfo Own(string name) => CoreTypes.Method(typeof(AnyCall), name);

    static ValueTask<object?> PresentAsync(object? result, Shape shape) => new(shape.FromHost(result));

    static async ValueTask<object?> GivenAsync<T>(ValueTask<T> result, Shape shape) => shape.FromHost(await result);

    static async ValueTask<object?> EndedAsync(ValueTask result)
    {
        await result;
        return null;
    }

    static async ValueTask<T> TakenAsync<T>(ValueTask<object?> result, Shape shape) => (T)shape.ToHost(await result)!;

    static async ValueTask NothingAsync(ValueTask<object?> result) => await result;
}
