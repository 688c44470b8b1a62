namespace Allotrope.Wasm;

/// <summary>An array of a guest.</summary>
public sealed class GuestArray : GuestObject
{
    /// <summary>The elements, in an array of the .NET type that holds them; read by compiled code.</summary>
    internal readonly Array Items;

    internal GuestArray(DefinedType type, Array items)
        : base(type) => Items = items;

    /// <summary>The number of elements.</summary>
    public int Length => Items.Length;

    ArrayType ArrayType => (ArrayType)Definition;

    /// <summary>Reads or writes an element. Packed ones read as unsigned and keep the lower bits of what is written.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such element.</exception>
    /// <exception cref="InvalidOperationException">Written is an array of constants, or with a value that is none of its type.</exception>
    public Value this[int index]
    {
        get => Stored.ToValue(ArrayType.Element, Items.GetValue(index));
        set
        {
            if (!ArrayType.Element.IsMutable)
                throw new InvalidOperationException($"the elements of {ArrayType} are constant");
            HostWrites++;
            Items.SetValue(Stored.FromValue(ArrayType.Element, value), index);
        }
    }

    /// <summary>Makes an array without a guest, which no store's budget counts.</summary>
    /// <exception cref="InvalidOperationException">A value is none of the elements' type.</exception>
    public static GuestArray Create(ArrayType type, params ReadOnlySpan<Value> values)
    {
        ArgumentNullException.ThrowIfNull(type);
        var items = Array.CreateInstance(type.Element.ClrType, values.Length);
        for (var i = 0; i < values.Length; i++)
            items.SetValue(Stored.FromValue(type.Element, values[i]), i);
        return new GuestArray(type, items);
    }
}
