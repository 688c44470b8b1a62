namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>Compares results with what a script expects: bits, kinds of NaN, or references.</summary>
static class Expected
{
    /// <summary>The NaN whose payload is its highest bit alone.</summary>
    const string Canonical = "nan:canonical";

    /// <summary>Any quiet NaN.</summary>
    const string Arithmetic = "nan:arithmetic";

    public static bool Matches(Node expected, Value actual) => expected switch
    {
        Node.Sequence { Items: [Node.Word { Value: "f32.const" }, Node.Word { Value: (Canonical or Arithmetic) and var nan }] } =>
            actual.Kind == ValueKind.F32 && IsNaN(nan, BitConverter.SingleToUInt32Bits(actual.AsSingle()), quiet: 0x7fc0_0000, sign: 1UL << 31),
        Node.Sequence { Items: [Node.Word { Value: "f64.const" }, Node.Word { Value: (Canonical or Arithmetic) and var nan }] } =>
            actual.Kind == ValueKind.F64 && IsNaN(nan, BitConverter.DoubleToUInt64Bits(actual.AsDouble()), quiet: 0x7ff8UL << 48, sign: 1UL << 63),
        Node.Sequence { Items: [Node.Word { Value: "ref.null" }, ..] } => actual.Kind.IsReference && actual.Reference is null,
        Node.Sequence { Items: [Node.Word { Value: "ref.extern" or "ref.host" }, Node.Word] } =>
            actual.Kind.IsReference && Equals(Constant.Read(expected).Reference, actual.Reference),
        Node.Sequence { Items: [Node.Word { Value: var kind }] } when kind.StartsWith("ref.", StringComparison.Ordinal) => IsOf(kind, actual.Reference),
        Node.Sequence { Items: [Node.Word { Value: VectorConstant.Head }, ..] } vector =>
            actual.Kind == ValueKind.V128 && VectorConstant.Matches(vector, actual.AsVector128()),
        Node.Sequence { Items: [Node.Word { Value: "either" }, ..] } either => either.Items.Skip(1).Any(choice => Matches(choice, actual)),
        _ => Constant.Read(expected) is var value && value.Kind == actual.Kind && Bits(value).Equals(Bits(actual)),
    };

    /// <summary>Some reference of a kind, whichever it is.</summary>
    static bool IsOf(string kind, object? reference) => kind switch
    {
        "ref.func" => reference is Function,
        "ref.i31" => reference is I31,
        "ref.struct" => reference is GuestObject { Type: StructType },
        "ref.array" => reference is GuestObject { Type: ArrayType },
        "ref.eq" => reference is I31 or GuestObject,
        "ref.any" or "ref.extern" or "ref.host" or "ref.exn" => reference is not null,
        _ => throw new FormatException($"{kind} is no kind of reference that this suite knows."),
    };

    static bool IsNaN(string kind, ulong bits, ulong quiet, ulong sign) =>
        kind == Canonical ? (bits & ~sign) == quiet : (bits & quiet) == quiet;

    /// <summary>Floats are compared by their bits: -0 is not 0, and one NaN is not another.</summary>
    static (ulong Number, object? Reference) Bits(Value value) => value.Kind switch
    {
        ValueKind.I32 => ((uint)value.AsInt32(), null),
        ValueKind.I64 => ((ulong)value.AsInt64(), null),
        ValueKind.F32 => (BitConverter.SingleToUInt32Bits(value.AsSingle()), null),
        ValueKind.F64 => (BitConverter.DoubleToUInt64Bits(value.AsDouble()), null),
        var other => throw new FormatException($"a value of kind {other} cannot be compared."),
    };
}
