namespace Allotrope.Components;

/// <summary>Variants: an abstract record with a record within it for each case.</summary>
/// <param name="host">The abstract record.</param>
/// <param name="wit">The component's type.</param>
/// <param name="cases">The cases, in their order.</param>
sealed class VariantShape(Type host, VariantType wit, VariantShape.Case[] cases) : Shape(host, wit)
{
    internal Case[] Cases { get; } = cases;

    /// <inheritdoc/>
    internal override long HeapBytes { get; } = ObjectBytes + cases.Max(each => each.Value?.HeapBytes ?? 0);

    internal override object? ToHost(object? value)
    {
        var (which, content) = (VariantValue)value!;
        var (type, shape) = Cases[which];
        return shape is null ? Activator.CreateInstance(type) : Activator.CreateInstance(type, shape.ToHost(content));
    }

    internal override object? FromHost(object? value)
    {
        for (var i = 0; i < Cases.Length; i++)
        {
            if (Cases[i].Type.IsInstanceOfType(value))
                return new VariantValue(i, Cases[i].Value?.FromHost(Cases[i].Type.GetProperty("Value")!.GetValue(value)));
        }

        throw NoCase(value);
    }

    /// <summary>For generated code too.</summary>
    internal ArgumentException NoCase(object? value) => new($"{value?.GetType().Name ?? "null"} is no case of {Host.Name}", nameof(value));

    /// <summary>A case.</summary>
    /// <param name="Type">The record that it is.</param>
    /// <param name="Value">What its property Value is; null when it has none.</param>
    internal sealed record Case(Type Type, Shape? Value);
}
