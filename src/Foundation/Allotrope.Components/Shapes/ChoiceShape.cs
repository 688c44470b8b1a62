using System.Reflection;

namespace Allotrope.Components;

/// <summary>
/// Variants on their way between components: a tuple of the case's number and a place for each C# type that cases have values of.
/// <code>
///  variant { none, small(u8), text(string), also(string) }   is   (int Case, byte, string)
/// </code>
/// </summary>
/// <param name="host">The tuple.</param>
/// <param name="wit">The component's type.</param>
/// <param name="cases">What the cases' values are; null where they have none.</param>
sealed class ChoiceShape(Type host, VariantType wit, Shape?[] cases) : Shape(host, wit)
{
    readonly MemberInfo[][] _members = RecordShape.TupleMembers(host);

    internal Shape?[] Cases { get; } = cases;

    /// <summary>Where the case's number is.</summary>
    internal MemberInfo[] Number => _members[0];

    /// <summary>Where the value of a case is.</summary>
    internal MemberInfo[] PlaceOf(Shape value) => Array.Find(_members[1..], path => ((FieldInfo)path[^1]).FieldType == value.Host)!;

    /// <inheritdoc/>
    internal override long HeapBytes { get; } = sizeof(ulong) + cases.OfType<Shape>().DistinctBy(each => each.Host).Sum(each => each.HeapBytes);

    internal override object? ToHost(object? value)
    {
        var (which, content) = (VariantValue)value!;
        var made = Activator.CreateInstance(Host)!;
        RecordShape.Set(made, Number, which);
        if (Cases[which] is { } shape)
            RecordShape.Set(made, PlaceOf(shape), shape.ToHost(content));
        return made;
    }

    internal override object? FromHost(object? value)
    {
        var which = (int)RecordShape.Get(value, Number)!;
        return new VariantValue(which, Cases[which] is { } shape ? shape.FromHost(RecordShape.Get(value, PlaceOf(shape))) : null);
    }
}
