using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>A type of values that are not made of others; there is one object of each.</summary>
public sealed class PrimitiveType : WitType
{
    static readonly PrimitiveType[] All = [.. Enum.GetValues<PrimitiveKind>().Select(kind => new PrimitiveType(kind))];

    PrimitiveType(PrimitiveKind kind)
        : base([])
    {
        Kind = kind;
        HasPointer = kind == PrimitiveKind.String;
        HasChannel = kind == PrimitiveKind.ErrorContext;
    }

    public PrimitiveKind Kind { get; }

    public static PrimitiveType Of(PrimitiveKind kind) => All[(int)kind];

    internal override bool HasShapeOf(WitType other) => this == other;

    internal override WitType With(ImmutableArray<WitType> parts) => this;

    private protected override Layout Measure(bool wide) => Kind switch
    {
        PrimitiveKind.Bool or PrimitiveKind.S8 or PrimitiveKind.U8 => Layout.Of(1),
        PrimitiveKind.S16 or PrimitiveKind.U16 => Layout.Of(2),
        PrimitiveKind.S64 or PrimitiveKind.U64 or PrimitiveKind.F64 => Layout.Of(8),
        PrimitiveKind.String => ListType.Reference(wide),
        _ => Layout.Of(4),
    };

    private protected override bool Flatten(List<ValueKind> into, int most, bool wide) => Kind switch
    {
        PrimitiveKind.S64 or PrimitiveKind.U64 => Add(into, most, ValueKind.I64),
        PrimitiveKind.F32 => Add(into, most, ValueKind.F32),
        PrimitiveKind.F64 => Add(into, most, ValueKind.F64),
        PrimitiveKind.String => ListType.FlattenReference(into, most, wide),
        _ => Add(into, most, ValueKind.I32),
    };

    /// <summary>As WIT writes it.</summary>
    public override string ToString() => Kind == PrimitiveKind.ErrorContext ? "error-context" : Kind.ToString().ToLowerInvariant();
}
