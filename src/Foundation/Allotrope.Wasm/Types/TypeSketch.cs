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
            text.Append(field.Name).Append(',');
        text.Append(')');
    }
}

/// <summary>A parameter, result, field or element of a <see cref="TypeSketch"/>.</summary>
/// <param name="Known">All of it, when it refers to nothing in its own group; otherwise whether it is nullable and mutable.</param>
/// <param name="Place">Place of the type it refers to within the group, or -1.</param>
readonly record struct FieldSketch(FieldType Known, int Place = -1)
{
    internal string Name => Place < 0 ? Known.Name : $"{(Known.IsMutable ? "mut " : "")}(ref {(Known.Type.IsNullable ? "null " : "")}.{Place})";

    internal FieldType Resolve(DefinedType[] group) =>
        Place < 0 ? Known : Known with { Type = WasmType.Reference(group[Place], Known.Type.IsNullable) };
}
