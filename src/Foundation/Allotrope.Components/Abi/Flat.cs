using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Core values as 64 bits each, those of 32 in the lower half: a variant's cases share places, whatever their types are.</summary>
static class Flat
{
    internal static long[] FromValues(ReadOnlySpan<Value> values)
    {
        var bits = new long[values.Length];
        for (var i = 0; i < bits.Length; i++)
            bits[i] = FromValue(values[i]);
        return bits;
    }

    internal static long FromValue(Value value) => value.Kind is ValueKind.I32 or ValueKind.F32 ? (uint)value.Bits : value.Bits;

    internal static Value[] ToValues(ReadOnlySpan<long> bits, ImmutableArray<WasmType> types)
    {
        var values = new Value[types.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = ToValue(bits[i], types[i]);
        return values;
    }

    internal static Value ToValue(long bits, WasmType type) => type.Kind switch
    {
        ValueKind.I32 => Value.FromInt32((int)bits),
        ValueKind.F32 => Value.FromSingle(BitConverter.Int32BitsToSingle((int)bits)),
        ValueKind.F64 => Value.FromDouble(BitConverter.Int64BitsToDouble(bits)),
        _ => Value.FromInt64(bits),
    };
}
