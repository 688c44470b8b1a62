using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>Several results into one value tuple and back.</summary>
static class TupleEmitter
{
    /// <summary>Replaces the values on the IL stack by the tuple of them; none and one stay as they are.</summary>
    internal static void Pack(ILGenerator il, ReadOnlySpan<WasmType> results)
    {
        if (results.Length < 2)
            return;
        // From the innermost rest outwards: each tuple takes the values before it and the rest that was just made.
        for (var first = (results.Length - 1) / ResultTuple.Width * ResultTuple.Width; first >= 0; first -= ResultTuple.Width)
            il.Emit(OpCodes.Newobj, TypeOf(results[first..]).GetConstructors()[0]);
    }

    /// <summary>Gives the values of the tuple in <paramref name="tuple"/> one after the other, each on the IL stack.</summary>
    internal static void Unpack(ILGenerator il, LocalBuilder tuple, int count, Action<int> take)
    {
        for (var i = 0; i < count; i++)
        {
            var type = tuple.LocalType;
            il.Emit(OpCodes.Ldloca, tuple);
            for (var rest = i / ResultTuple.Width; rest > 0; rest--)
            {
                var field = type.GetField("Rest")!;
                il.Emit(OpCodes.Ldflda, field);
                type = field.FieldType;
            }

            il.Emit(OpCodes.Ldfld, type.GetField($"Item{(i % ResultTuple.Width) + 1}")!);
            take(i);
        }
    }

    /// <summary>A rest of a single value is a tuple too, unlike a single result.</summary>
    static Type TypeOf(ReadOnlySpan<WasmType> values) =>
        values.Length == 1 ? typeof(ValueTuple<>).MakeGenericType(values[0].ClrType) : ResultTuple.TypeOf(values);
}
