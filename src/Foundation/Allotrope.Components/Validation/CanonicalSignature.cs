using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>The core signatures that component functions have (Canonical ABI, "Flattening" and "canonopt Validation").</summary>
static class CanonicalSignature
{
    /// <summary>Core parameters before they are passed through memory.</summary>
    internal const int MostParameters = 16;

    /// <summary>Core parameters of an asynchronous call before they are passed through memory.</summary>
    internal const int MostAsyncParameters = 4;

    /// <summary>Core results before they are passed through memory.</summary>
    internal const int MostResults = 1;

    /// <summary>What a core function must be to be offered as one of the type.</summary>
    internal static FunctionType Lift(ComponentFunctionType type, CanonicalOptions options)
    {
        var address = Address(options);
        var parameters = Flatten(Parameters(type), MostParameters, options) ?? [address];
        var results = options.IsAsync ? (options.Callback is null ? [] : [ValueKind.I32]) : Flatten(Results(type), MostResults, options) ?? [address];
        return FunctionType.Of(parameters, results);
    }

    /// <summary>What a function of the type becomes for core code.</summary>
    internal static FunctionType Lower(ComponentFunctionType type, CanonicalOptions options)
    {
        var address = Address(options);
        var parameters = Flatten(Parameters(type), options.IsAsync ? MostAsyncParameters : MostParameters, options) ?? [address];
        var results = Flatten(Results(type), options.IsAsync ? 0 : MostResults, options);
        if (results is null)
            parameters = [.. parameters, address];
        return FunctionType.Of(parameters, options.IsAsync ? [ValueKind.I32] : results ?? []);
    }

    internal static CanonicalNeeds LiftNeeds(ComponentFunctionType type, CanonicalOptions options)
    {
        var needs = CanonicalNeeds.None;
        foreach (var parameter in type.Parameters)
            needs |= LowerNeeds(parameter.Type);
        if (Flatten(Parameters(type), MostParameters, options) is null)
            needs |= CanonicalNeeds.Memory | CanonicalNeeds.Realloc;
        // What is written to the guest's memory needs room there; what is read from it only the memory.
        if (type.Result is { HasPointer: true } || Flatten(Results(type), options.IsAsync ? MostParameters : MostResults, options) is null)
            needs |= CanonicalNeeds.Memory;
        return needs;
    }

    internal static CanonicalNeeds LowerNeeds(ComponentFunctionType type, CanonicalOptions options)
    {
        var needs = CanonicalNeeds.None;
        foreach (var parameter in type.Parameters)
        {
            if (parameter.Type.HasPointer)
                needs |= CanonicalNeeds.Memory;
        }

        if (type.Result is { } result)
            needs |= LowerNeeds(result);
        if (Flatten(Parameters(type), options.IsAsync ? MostAsyncParameters : MostParameters, options) is null
            || Flatten(Results(type), options.IsAsync ? 0 : MostResults, options) is null)
        {
            needs |= CanonicalNeeds.Memory;
        }

        return needs;
    }

    /// <summary>What writing a value of the type to a guest's memory needs.</summary>
    internal static CanonicalNeeds LowerNeeds(WitType type) =>
        type.HasPointer ? CanonicalNeeds.Memory | CanonicalNeeds.Realloc : CanonicalNeeds.None;

    /// <summary>The core values of several; null when they are more than <paramref name="most"/>.</summary>
    internal static WasmType[]? Flatten(IEnumerable<WitType> types, int most, CanonicalOptions options)
    {
        var flat = new List<ValueKind>();
        foreach (var type in types)
        {
            if (!type.TryFlatten(flat, most, options.IsWide))
                return null;
        }

        return [.. flat.Select(kind => (WasmType)kind)];
    }

    internal static WasmType Address(CanonicalOptions options) => options.IsWide ? ValueKind.I64 : ValueKind.I32;

    static IEnumerable<WitType> Parameters(ComponentFunctionType type) => type.Parameters.Select(parameter => parameter.Type);

    static IEnumerable<WitType> Results(ComponentFunctionType type) => type.Result is { } result ? [result] : [];
}

/// <summary>Options that a canonical definition cannot be without.</summary>
[Flags]
enum CanonicalNeeds
{
    None = 0,
    Memory = 1,
    Realloc = 2,
}
