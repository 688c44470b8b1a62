using System.Linq.Expressions;
using System.Reflection;

namespace Allotrope.Components;

/// <summary>Calls a component's function through a delegate of the host.</summary>
sealed class ExportCall(ComponentFunction function, Signature signature)
{
    static readonly MethodInfo InvokeMethod = CoreTypes.Method(typeof(ExportCall), nameof(Invoke));
    static readonly MethodInfo InvokeAsyncMethod = CoreTypes.Method(typeof(ExportCall), nameof(InvokeAsync));
    static readonly MethodInfo InvokeNothingAsyncMethod = CoreTypes.Method(typeof(ExportCall), nameof(InvokeNothingAsync));

    /// <exception cref="TypeMismatchException">The delegate is none of such a function.</exception>
    internal static TDelegate Create<TDelegate>(ComponentFunction function)
        where TDelegate : Delegate
    {
        if ((function as LiftedFunction)?.TryCreate<TDelegate>() is { } generated)
            return generated;
        var signature = Signature.Bind(function.Type, typeof(TDelegate), null, function.HostTypeOf);
        var parameters = signature.Parameters.Select(shape => Expression.Parameter(shape.Host)).ToArray();
        var method = !signature.Waits ? InvokeMethod
            : signature.ResultType == typeof(void) ? InvokeNothingAsyncMethod
            : InvokeAsyncMethod.MakeGenericMethod(signature.ResultType);
        Expression body = Expression.Call(
            Expression.Constant(new ExportCall(function, signature)), method,
            Expression.NewArrayInit(typeof(object), parameters.Select(parameter => Expression.Convert(parameter, typeof(object)))));
        if (!signature.Waits && signature.ResultType != typeof(void))
            body = Expression.Convert(body, signature.ResultType);
        return Expression.Lambda<TDelegate>(body, parameters).Compile();
    }

    object? Invoke(object?[] arguments)
    {
        object? result = null;
        function.Call(null, () => Taken(arguments), value => result = signature.Result?.ToHost(value));
        return result;
    }

    async ValueTask<T> InvokeAsync<T>(object?[] arguments)
    {
        object? result = null;
        await function.CallAsync(() => Taken(arguments), value => result = signature.Result!.ToHost(value));
        return (T)result!;
    }

    ValueTask InvokeNothingAsync(object?[] arguments) => function.CallAsync(() => Taken(arguments), static _ => { });

    object?[] Taken(object?[] arguments) => [.. arguments.Select((argument, i) => signature.Parameters[i].FromHost(argument))];
}
