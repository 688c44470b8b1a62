using System.Text;

namespace Allotrope.Wasm;

/// <summary>A type definition before it is interned: what it says of its own group is by place, as those types are not there yet.</summary>
sealed record TypeSketch(ValueKind Kind, FieldSketch[] Fields, FieldSketch[] Results)
{
    internal bool IsFinal { get; init; } = true;

    /// <summary>The type it extends, when that was defined with an earlier group.</summary>
    internal DefinedType? Supertype { get; init; }

    /// <summary>Place of the type it extends within the group, or -1.</summary>
    internal int SupertypePlace { get; init; } = -1;

    internal static TypeSketch Function(FieldSketch[] parameters, FieldSketch[] results) => new(ValueKind.FuncRef, parameters, results);

    internal static TypeSketch Struct(FieldSketch[] fields) => new(ValueKind.StructRef, fields, []);

    internal static TypeSketch Struct(FieldType[] fields) => Struct([.. fields.Select(field => new FieldSketch(field))]);

    internal static TypeSketch Array(FieldSketch element) => new(ValueKind.ArrayRef, [element], []);

    internal static TypeSketch Array(FieldType element) => Array(new FieldSketch(element));

    /// <summary>Text that is the same for definitions that mean the same.</summary>
    internal void Describe(StringBuilder text)
    {
        if (!IsFinal)
            text.Append("open ");
        if (Supertype is not null)
            text.Append("sub #").Append(Supertype.Id).Append(' ');
        else if (SupertypePlace >= 0)
            text.Append("sub .").Append(SupertypePlace).Append(' ');
        text.Append(Kind.HeapName);
        Describe(text, Fields);
        if (Kind == ValueKind.FuncRef)
            Describe(text, Results);
    }

    internal DefinedType Create() => Kind switch
    {
        ValueKind.FuncRef => new FunctionType(),
        ValueKind.StructRef => new StructType(),
        _ => new ArrayType(),
    };

    static void Describe(StringBuilder text, FieldSketch[] fields)
    {
        text.Append('(');
        foreach (var field in fields)
            field.Describe(text);
        text.Append(')');
    }
}

/// <summary>A parameter, result, field or element of a <see cref="TypeSketch"/>. Small, as a module may bring very many.</summary>
readonly record struct FieldSketch
{
    readonly WasmType _type;
    readonly bool _isMutable;
    readonly Packing _packing;

    /// <param name="known">All of it, when it refers to nothing in its own group; otherwise whether it is nullable and mutable.</param>
    /// <param name="place">Place of the type it refers to within the group, or -1.</param>
    internal FieldSketch(FieldType known, int place = -1)
    {
        (_type, _isMutable, _packing) = (known.Type, known.IsMutable, known.Packing);
        Place = place;
    }

    internal FieldType Known => new(_type, _isMutable, _packing);

    internal int Place { get; }

    /// <summary>Appended piece by piece, numbers as the one character of their code: a module may bring very many of them.</summary>
    internal void Describe(StringBuilder text)
    {
        if (Known.IsMutable)
            text.Append("mut ");
        if (Place < 0 && Known is { Packing: Packing.None, Type.IsReference: false })
        {
            text.Append((char)Known.Type.Kind);
            return;
        }

        if (Place >= 0)
            text.Append("(ref ").Append(Known.Type.IsNullable ? "null ." : ".").Append(Place).Append(')');
        else
            text.Append(Known.Packing switch { Packing.I8 => "i8", Packing.I16 => "i16", _ => Known.Type.Name });
        text.Append(',');
    }

    internal FieldType Resolve(DefinedType[] group) =>
        Place < 0 ? Known : Known with { Type = WasmType.Reference(group[Place], Known.Type.IsNullable) };
}
