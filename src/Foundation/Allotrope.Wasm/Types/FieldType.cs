namespace Allotrope.Wasm;

/// <summary>How wide a field of a struct or element of an array is kept.</summary>
public enum Packing : byte
{
    /// <summary>As wide as its type.</summary>
    None,

    /// <summary>An i32 of which eight bits are kept.</summary>
    I8,

    /// <summary>An i32 of which sixteen bits are kept.</summary>
    I16,
}

/// <summary>A field of a struct, or the elements of an array.</summary>
/// <param name="Type">What reading it gives.</param>
/// <param name="IsMutable">Whether it can be written after the object is made.</param>
/// <param name="Packing">How much of it is kept.</param>
public readonly record struct FieldType(WasmType Type, bool IsMutable = false, Packing Packing = Packing.None)
{
    /// <summary>The .NET type that holds it.</summary>
    internal Type ClrType => Packing switch
    {
        Packing.I8 => typeof(byte),
        Packing.I16 => typeof(ushort),
        _ => Type.ClrType,
    };

    internal string Name => $"{(IsMutable ? "mut " : "")}{(Packing == Packing.None ? Type.Name : Packing == Packing.I8 ? "i8" : "i16")}";

    /// <summary>Whether a field of this type may stand where a supertype has <paramref name="wanted"/>: what is mutable must be equal.</summary>
    internal bool Matches(FieldType wanted) =>
        IsMutable == wanted.IsMutable && Packing == wanted.Packing && (IsMutable ? Type == wanted.Type : Type.Matches(wanted.Type));

    /// <summary>As the text format writes it.</summary>
    public override string ToString() => Name;
}
