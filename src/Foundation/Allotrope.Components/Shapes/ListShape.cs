namespace Allotrope.Components;

/// <summary>Lists, which are arrays.</summary>
/// <param name="wit">The component's type.</param>
/// <param name="element">What its items are.</param>
sealed class ListShape(ListType wit, Shape element) : Shape(element.Host.MakeArrayType(), wit)
{
    internal Shape Element { get; } = element;

    internal uint? Length { get; } = wit.Length;

    /// <inheritdoc/>
    internal override long HeapBytes => sizeof(ulong) + (Length is { } length ? ObjectBytes + (length * Element.HeapBytes) : 0);

    internal override object? ToHost(object? value)
    {
        if (value is byte[] bytes)
            return bytes;
        var items = (object?[])value!;
        var array = Array.CreateInstance(Element.Host, items.Length);
        for (var i = 0; i < items.Length; i++)
            array.SetValue(Element.ToHost(items[i]), i);
        return array;
    }

    internal override object? FromHost(object? value)
    {
        var array = value as Array ?? throw new ArgumentException($"null is no {Wit}", nameof(value));
        if (Element.Host == typeof(byte) && Length is null) // an array of sbyte passes for one of bytes
            return array;
        var items = new object?[array.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = Element.FromHost(array.GetValue(i));
        return items;
    }
}

/// <summary>Lists of bytes as memory, which the host may cut from something larger.</summary>
sealed class BytesShape(ListType wit) : Shape(typeof(ReadOnlyMemory<byte>), wit)
{
    /// <inheritdoc/>
    internal override long HeapBytes => 2 * sizeof(ulong);

    internal override object? ToHost(object? value) => new ReadOnlyMemory<byte>((byte[])value!);

    internal override object? FromHost(object? value) => ((ReadOnlyMemory<byte>)value!).ToArray();
}
