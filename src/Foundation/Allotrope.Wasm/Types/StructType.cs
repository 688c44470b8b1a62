using System.Collections.Immutable;

namespace Allotrope.Wasm;

/// <summary>A type of structs.</summary>
public sealed class StructType : DefinedType
{
    internal StructType()
    {
    }

    public ImmutableArray<FieldType> Fields { get; private set; } = [];

    /// <summary>The class of its objects.</summary>
    internal StructShape Shape => field ??= StructShapes.Of(this);

    public override ValueKind Kind => ValueKind.StructRef;

    /// <summary>The type of structs with these fields that extends no other and is extended by none.</summary>
    public static StructType Of(params ReadOnlySpan<FieldType> fields) =>
        (StructType)RecursionGroup.Intern([TypeSketch.Struct([.. fields])])[0];

    /// <summary>The fields as the text format writes them.</summary>
    public override string ToString() => $"struct ({string.Join(", ", Fields)})";

    internal override void Complete(TypeSketch sketch, DefinedType[] group) => Fields = [.. sketch.Fields.Select(field => field.Resolve(group))];

    internal override bool Extends(DefinedType super)
    {
        if (super is not StructType other || Fields.Length < other.Fields.Length)
            return false;
        for (var i = 0; i < other.Fields.Length; i++)
        {
            if (!Fields[i].Matches(other.Fields[i]))
                return false;
        }

        return true;
    }
}
