using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>Fields and elements as the host reads and writes them: boxed, one by one.</summary>
static class Stored
{
    internal static Value ToValue(FieldType type, object? stored) => stored switch
    {
        _ when type.Type.IsReference => Value.FromReference(type.Type.Kind, stored),
        byte number => Value.FromInt32(number),
        ushort number => Value.FromInt32(number),
        int number => Value.FromInt32(number),
        long number => Value.FromInt64(number),
        float number => Value.FromSingle(number),
        double number => Value.FromDouble(number),
        Vector128<byte> vector => Value.FromVector128(vector),
        _ => throw new InvalidOperationException($"a field of {type} holds {stored?.GetType()}"),
    };

    internal static object? FromValue(FieldType type, Value value) => type switch
    {
        { Type.IsReference: true } => value.AsReference(type.Type),
        { Packing: Packing.I8 } => (byte)value.AsInt32(),
        { Packing: Packing.I16 } => (ushort)value.AsInt32(),
        _ => type.Type.Kind switch
        {
            ValueKind.I32 => value.AsInt32(),
            ValueKind.I64 => value.AsInt64(),
            ValueKind.F32 => value.AsSingle(),
            ValueKind.F64 => value.AsDouble(),
            ValueKind.V128 => (object)value.AsVector128(),
            var other => throw new InvalidOperationException($"a field cannot hold {other}"),
        },
    };
}
