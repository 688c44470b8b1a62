namespace Allotrope.Components;

/// <summary>Truth values, numbers and characters.</summary>
sealed class ScalarShape(Type host, PrimitiveType wit) : Shape(host, wit)
{
    internal PrimitiveKind Kind { get; } = wit.Kind;

    internal override object? ToHost(object? value) => value;

    internal override object? FromHost(object? value) => value;
}

/// <summary>Strings.</summary>
sealed class StringShape(PrimitiveType wit) : Shape(typeof(string), wit)
{
    internal override object? ToHost(object? value) => GuestString.Of(value).Text;

    internal override object? FromHost(object? value) => value;
}
