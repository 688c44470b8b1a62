namespace Allotrope.Components;

/// <summary>Options: null is none, or <see cref="Option{T}"/> says it.</summary>
/// <param name="host">The C# type.</param>
/// <param name="wit">The component's type.</param>
/// <param name="some">What a value is when there is one.</param>
sealed class OptionShape(Type host, VariantType wit, Shape some) : Shape(host, wit)
{
    internal Shape Some { get; } = some;

    /// <summary>Whether it is an <see cref="Option{T}"/>; else a nullable value or an object.</summary>
    internal bool IsExplicit { get; } = host.IsGenericType && host.GetGenericTypeDefinition() == typeof(Option<>);

    /// <inheritdoc/>
    internal override long HeapBytes => sizeof(ulong) + Some.HeapBytes;

    internal override object? ToHost(object? value)
    {
        var (which, content) = (VariantValue)value!;
        var made = which == 0 ? null : Some.ToHost(content);
        return !IsExplicit ? made
            : which == 0 ? Activator.CreateInstance(Host)
            : Activator.CreateInstance(Host, true, made);
    }

    internal override object? FromHost(object? value)
    {
        if (!IsExplicit)
            return value is null ? new VariantValue(0) : new VariantValue(1, Some.FromHost(value));
        return (bool)Host.GetProperty(nameof(Option<>.HasValue))!.GetValue(value)!
            ? new VariantValue(1, Some.FromHost(Host.GetProperty(nameof(Option<>.Value))!.GetValue(value)))
            : new VariantValue(0);
    }
}

/// <summary>Results.</summary>
/// <param name="host">A <see cref="Result{T, TError}"/>.</param>
/// <param name="wit">The component's type.</param>
/// <param name="ok">The value's shape; null where there is none.</param>
/// <param name="error">The error's.</param>
sealed class ResultShape(Type host, VariantType wit, Shape? ok, Shape? error) : Shape(host, wit)
{
    internal Shape? Ok { get; } = ok;

    internal Shape? Error { get; } = error;

    /// <inheritdoc/>
    internal override long HeapBytes { get; } = sizeof(ulong) + (ok?.HeapBytes ?? 0) + (error?.HeapBytes ?? 0);

    internal override object? ToHost(object? value)
    {
        var (which, content) = (VariantValue)value!;
        var side = which == 0 ? Ok : Error;
        var made = side is null ? default(Unit) : side.ToHost(content);
        return Host.GetMethod(which == 0 ? nameof(Result<,>.Ok) : nameof(Result<,>.Fail))!.Invoke(null, [made]);
    }

    internal override object? FromHost(object? value)
    {
        var isOk = (bool)Host.GetProperty(nameof(Result<,>.IsOk))!.GetValue(value)!;
        var side = isOk ? Ok : Error;
        var content = Host.GetProperty(isOk ? nameof(Result<,>.Value) : nameof(Result<,>.Error))!.GetValue(value);
        return new VariantValue(isOk ? 0 : 1, side?.FromHost(content));
    }
}
