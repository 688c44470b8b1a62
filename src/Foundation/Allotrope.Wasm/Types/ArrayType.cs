namespace Allotrope.Wasm;

/// <summary>A type of arrays.</summary>
public sealed class ArrayType : DefinedType
{
    internal ArrayType()
    {
    }

    /// <summary>What all elements are.</summary>
    public FieldType Element { get; private set; }

    public override ValueKind Kind => ValueKind.ArrayRef;

    /// <summary>The type of arrays of such elements that extends no other and is extended by none.</summary>
    public static ArrayType Of(FieldType element) => (ArrayType)RecursionGroup.Intern([TypeSketch.Array(element)])[0];

    /// <summary>The elements as the text format writes them.</summary>
    public override string ToString() => $"array ({Element})";

    internal override void Complete(TypeSketch sketch, DefinedType[] group) => Element = sketch.Fields[0].Resolve(group);

    internal override bool Extends(DefinedType super) => super is ArrayType other && Element.Matches(other.Element);
}
