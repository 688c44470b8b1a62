using System.Linq.Expressions;
using System.Reflection;

namespace Allotrope.Components;

/// <summary>Calls a component's function through a delegate of the host.</summary>
sealed class ExportCall(ComponentFunction function, Signature signature)
{
    static readonly MethodInfo InvokeMethod = typeof(ExportCall).GetMethod(nameof(Invoke), BindingFlags.NonPublic | BindingFlags.Instance)!;

    /// <exception cref="TypeMismatchException">The delegate is none of such a function.</exception>
    internal static TDelegate Create<TDelegate>(ComponentFunction function)
        where TDelegate : Delegate
    {
        if ((function as LiftedFunction)?.TryCreate<TDelegate>() is { } generated)
            return generated;
        var signature = Signature.Bind(function.Type, typeof(TDelegate), null, function.HostTypeOf);
        var parameters = signature.Parameters.Select(shape => Expression.Parameter(shape.Host)).ToArray();
        Expression body = Expression.Call(
            Expression.Constant(new ExportCall(function, signature)), InvokeMethod,
            Expression.NewArrayInit(typeof(object), parameters.Select(parameter => Expression.Convert(parameter, typeof(object)))));
        body = signature.ResultType == typeof(void) ? body : Expression.Convert(body, signature.ResultType);
        if (signature.Waits)
        {
            body = signature.ResultType == typeof(void)
                ? Expression.Block(body, Expression.Default(typeof(ValueTask)))
                : Expression.New(typeof(ValueTask<>).MakeGenericType(signature.ResultType).GetConstructor([signature.ResultType])!, body);
        }

        return Expression.Lambda<TDelegate>(body, parameters).Compile();
    }

    object? Invoke(object?[] arguments)
    {
        object? result = null;
        function.Call(
            null,
            () => [.. arguments.Select((argument, i) => signature.Parameters[i].FromHost(argument))],
            value => result = signature.Result?.ToHost(value));
        return result;
    }
}
