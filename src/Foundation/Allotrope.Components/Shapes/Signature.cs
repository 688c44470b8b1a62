namespace Allotrope.Components;

/// <summary>A component's function as a delegate of the host.</summary>
/// <param name="Type">The component's type of it.</param>
/// <param name="Delegate">The type of the delegate.</param>
/// <param name="TakesState">Whether the delegate's first parameter is the host's own state of the instance.</param>
/// <param name="Parameters">What the arguments are.</param>
/// <param name="Result">What it gives; null for nothing.</param>
/// <param name="Waits">Whether the delegate gives a ValueTask.</param>
sealed record Signature(ComponentFunctionType Type, Type Delegate, bool TakesState, Shape[] Parameters, Shape? Result, bool Waits)
{
    /// <param name="type">The component's function.</param>
    /// <param name="delegateType">What is called, or what calls.</param>
    /// <param name="state">The type of the state, which the delegate may take first; null when it is the component that is called.</param>
    /// <param name="hostOf">The C# types of resources.</param>
    /// <exception cref="TypeMismatchException">The delegate is none of such a function.</exception>
    internal static Signature Bind(ComponentFunctionType type, Type delegateType, Type? state, Func<ResourceType, Type?> hostOf)
    {
        var invoke = delegateType.GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => parameter.ParameterType);
        var takesState = state is not null && parameters.Length == type.Parameters.Length + 1 && parameters[0] == state;
        var own = takesState ? parameters[1..] : parameters;
        if (own.Length != type.Parameters.Length)
            throw new TypeMismatchException($"it has {Count(type.Parameters.Length)} in the component and {Count(own.Length)} here");
        var binding = new ShapeBinding(hostOf);
        // What the host gives to the guest are arguments of exports and results of imports.
        var isExport = state is null;
        var shapes = new Shape[own.Length];
        for (var i = 0; i < shapes.Length; i++)
            shapes[i] = At($"parameter `{type.Parameters[i].Name}`", () => binding.Bind(own[i], type.Parameters[i].Type, isExport));
        var (result, waits) = ResultOf(invoke.ReturnType);
        if (type.Result is null != result is null)
            throw new TypeMismatchException(type.Result is null ? $"it gives nothing in the component and a {result!.Name} here" : $"it gives {type.Result} in the component and nothing here");
        var shape = result is null ? null : At("result", () => binding.Bind(result, type.Result!, !isExport));
        return new(type, delegateType, takesState, shapes, shape, waits);
    }

    /// <summary>What the delegate's caller gets, whether or not it waits for it.</summary>
    internal Type ResultType => Result?.Host ?? typeof(void);

    static (Type? Result, bool Waits) ResultOf(Type type) =>
        type == typeof(void) ? (null, false)
        : type == typeof(ValueTask) ? (null, true)
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>) ? (type.GetGenericArguments()[0], true)
        : (type, false);

    static string Count(int parameters) => parameters == 1 ? "one parameter" : $"{parameters} parameters";

    static Shape At(string place, Func<Shape> bind)
    {
        try
        {
            return bind();
        }
        catch (TypeMismatchException e)
        {
            throw new TypeMismatchException($"{place}: {e.Message}");
        }
    }
}
