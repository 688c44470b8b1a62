namespace Allotrope.Wasm;

/// <summary>
/// A struct of a guest. Classes with the fields are generated, one for every sequence of field widths (<see cref="StructShapes"/>): types with the
/// same share one.
/// </summary>
public class GuestStruct : GuestObject
{
    internal GuestStruct(DefinedType type)
        : base(type)
    {
    }

    /// <summary>The number of fields.</summary>
    public int Count => StructType.Fields.Length;

    StructType StructType => (StructType)Definition;

    /// <summary>Reads or writes a field. Packed ones read as unsigned and keep the lower bits of what is written.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such field.</exception>
    /// <exception cref="InvalidOperationException">Written is a constant field, or with a value that is none of its type.</exception>
    public Value this[int field]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)field, (uint)Count, nameof(field));
            return Stored.ToValue(StructType.Fields[field], StructType.Shape.Fields[field].GetValue(this));
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)field, (uint)Count, nameof(field));
            if (!StructType.Fields[field].IsMutable)
                throw new InvalidOperationException($"field {field} of {StructType} is constant");
            HostWrites++;
            Put(field, value);
        }
    }

    /// <summary>Makes a struct without a guest, which no store's budget counts.</summary>
    /// <exception cref="ArgumentException">Other than one value a field.</exception>
    /// <exception cref="InvalidOperationException">A value is none of its field's type.</exception>
    public static GuestStruct Create(StructType type, params ReadOnlySpan<Value> values)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (values.Length != type.Fields.Length)
            throw new ArgumentException($"{type} has {type.Fields.Length} fields, and {values.Length} values are given", nameof(values));
        var made = (GuestStruct)type.Shape.Constructor.Invoke([type]);
        for (var i = 0; i < values.Length; i++)
            made.Put(i, values[i]);
        return made;
    }

    void Put(int field, Value value) => StructType.Shape.Fields[field].SetValue(this, Stored.FromValue(StructType.Fields[field], value));
}
