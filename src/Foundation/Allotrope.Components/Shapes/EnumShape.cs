using System.Globalization;

namespace Allotrope.Components;

/// <summary>Enumerations, whose C# members count from zero in the cases' order; their numbers where no C# type is known.</summary>
sealed class EnumShape(Type host, VariantType wit) : Shape(host, wit)
{
    internal int Count { get; } = wit.Cases.Length;

    internal override object? ToHost(object? value) => Host.IsEnum ? Enum.ToObject(Host, ((VariantValue)value!).Case) : (uint)((VariantValue)value!).Case;

    internal override object? FromHost(object? value)
    {
        var number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
        return new VariantValue((int)Require(number));
    }

    /// <summary>A number that is a case's.</summary>
    internal long Require(long number) =>
        number >= 0 && number < Count ? number : throw new ArgumentException($"{number} is none of {Host.Name}", nameof(number));
}

/// <summary>Flags: the first is bit 0; a number where no C# type is known. Bits that are none of the component's are not passed on.</summary>
sealed class FlagsShape(Type host, FlagsType wit) : Shape(host, wit)
{
    internal uint Mask { get; } = wit.Mask;

    internal override object? ToHost(object? value) => Host.IsEnum ? Enum.ToObject(Host, (uint)value!) : (uint)value!;

    internal override object? FromHost(object? value) =>
        unchecked((uint)(!Host.IsEnum ? (uint)value! : Enum.GetUnderlyingType(Host) == typeof(ulong)
            ? Convert.ToUInt64(value, CultureInfo.InvariantCulture)
            : (ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture))) & Mask;
}
