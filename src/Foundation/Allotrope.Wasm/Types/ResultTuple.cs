namespace Allotrope.Wasm;

/// <summary>
/// Several results travel as one <see cref="ValueTuple"/>; more than seven nest in its rest, as C# does it. So a host function that returns
/// <c>(int, long)</c> and one that WebAssembly declares with two results are the same thing.
/// </summary>
static class ResultTuple
{
    /// <summary>Fields of a tuple that hold a value; the eighth holds the rest.</summary>
    internal const int Width = 7;

    static readonly Type[] Open =
    [
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(ValueTuple<,,,,,,,>),
    ];

    internal static Type TypeOf(ReadOnlySpan<WasmType> results) => results.Length switch
    {
        0 => typeof(void),
        1 => results[0].ClrType,
        _ => Close(results),
    };

    /// <summary>Appends the values of <paramref name="tuple"/> to <paramref name="types"/>; false when one of them is no WebAssembly value.</summary>
    internal static bool TryFlatten(Type tuple, List<WasmType> types)
    {
        foreach (var (position, field) in tuple.GetGenericArguments().Index())
        {
            if (position == Width)
                return TryFlatten(field, types);
            if (ValueKinds.Of(field) is not { } kind)
                return false;
            types.Add(kind);
        }

        return true;
    }

    internal static bool IsTuple(Type type) =>
        type.IsGenericType && Array.IndexOf(Open, type.GetGenericTypeDefinition()) >= 0;

    static Type Close(ReadOnlySpan<WasmType> results)
    {
        var rest = results.Length > Width ? Close(results[Width..]) : null;
        var fields = new Type[rest is null ? results.Length : Width + 1];
        for (var i = 0; i < Math.Min(results.Length, Width); i++)
            fields[i] = results[i].ClrType;
        if (rest is not null)
            fields[Width] = rest;
        return Open[fields.Length - 1].MakeGenericType(fields);
    }
}
