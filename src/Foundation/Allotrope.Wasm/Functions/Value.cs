using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>One WebAssembly value of any type, for callers that learn a function's signature only at run time.</summary>
public readonly record struct Value
{
    readonly long _bits;
    readonly long _high;
    readonly object? _reference;

    Value(ValueKind kind, long bits, object? reference = null, long high = 0)
    {
        _high = high;
        Kind = kind;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>The value's type; the default value of this struct has none.</summary>
    public ValueKind Kind { get; }

    /// <summary>A number as 64 bits; a 32-bit one in the lower half.</summary>
    internal long Bits => _bits;

    internal object? Reference => _reference;

    public static Value FromInt32(int value) => new(ValueKind.I32, value);

    public static Value FromInt64(long value) => new(ValueKind.I64, value);

    public static Value FromSingle(float value) => new(ValueKind.F32, BitConverter.SingleToInt32Bits(value));

    public static Value FromDouble(double value) => new(ValueKind.F64, BitConverter.DoubleToInt64Bits(value));

    public static Value FromVector128(Vector128<byte> value) => new(ValueKind.V128, value.AsInt64()[0], null, value.AsInt64()[1]);

    public static Value FromFunction(Function? value) => new(ValueKind.FuncRef, 0, value);

    public static Value FromObject(object? value) => new(ValueKind.ExternRef, 0, value);

    /// <summary>
    /// A reference of any kind: a <see cref="Function"/>, a <see cref="GuestObject"/>, an <see cref="I31"/>, an exception, an object of the host, or
    /// null. Whether it is what a parameter wants is checked where it is used.
    /// </summary>
    /// <exception cref="ArgumentException">The kind is that of a number.</exception>
    public static Value FromReference(ValueKind kind, object? value) =>
        kind.IsReference ? new(kind, 0, value) : throw new ArgumentException($"{kind.Name} is no reference", nameof(kind));

    /// <summary>Zero or null of the type.</summary>
    public static Value Zero(ValueKind kind) => new(kind, 0);

    internal static Value FromBits(ValueKind kind, long bits) => new(kind, bits);

    public static implicit operator Value(int value) => FromInt32(value);

    public static implicit operator Value(long value) => FromInt64(value);

    public static implicit operator Value(float value) => FromSingle(value);

    public static implicit operator Value(double value) => FromDouble(value);

    /// <exception cref="InvalidOperationException">The value is of another type (so for the others).</exception>
    public int AsInt32() => (int)Expect(ValueKind.I32)._bits;

    public long AsInt64() => Expect(ValueKind.I64)._bits;

    public float AsSingle() => BitConverter.Int32BitsToSingle((int)Expect(ValueKind.F32)._bits);

    public double AsDouble() => BitConverter.Int64BitsToDouble(Expect(ValueKind.F64)._bits);

    public Vector128<byte> AsVector128()
    {
        var value = Expect(ValueKind.V128);
        return Vector128.Create(value._bits, value._high).AsByte();
    }

    public Function? AsFunction() => (Function?)Expect(ValueKind.FuncRef)._reference;

    /// <summary>Any reference but a function.</summary>
    public object? AsObject() => Expect(ValueKind.ExternRef)._reference;

    /// <summary>The reference, when it is a value of the type.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    internal object? AsReference(WasmType type) => Kind.IsReference && Kind.Family == type.Kind.Family && type.Accepts(_reference)
        ? _reference
        : throw new InvalidOperationException($"the value {this} is no {type}");

    public override string ToString() => Kind switch
    {
        ValueKind.I32 => $"i32 {AsInt32()}",
        ValueKind.I64 => $"i64 {AsInt64()}",
        ValueKind.F32 => $"f32 {AsSingle()}",
        ValueKind.F64 => $"f64 {AsDouble()}",
        ValueKind.V128 => $"v128 {AsVector128()}",
        _ when Kind.IsReference && Kind != default => $"{Kind.Name} {_reference ?? "null"}",
        _ => "none",
    };

    Value Expect(ValueKind kind) =>
        Kind.Representation == kind ? this : throw new InvalidOperationException($"the value is {Kind.Name}, not {kind.Name}");
}
