using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What calls of one lowered function have in common.</summary>
/// <param name="instance">Whose core code calls.</param>
/// <param name="definition">The function's.</param>
sealed class LoweredCall(InstanceState instance, Definition.Lower definition)
{
    internal InstanceState Instance { get; } = instance;

    internal CanonicalOptions Options { get; } = definition.Options;

    internal FunctionType CoreType { get; } = definition.CoreType;

    internal ComponentFunction Callee { get; } = instance.Functions[definition.Function];

    internal WitType[] Parameters { get; } = [.. definition.Type.Parameters.Select(parameter => parameter.Type)];

    internal WitType[] Results { get; } = definition.Type.Result is { } result ? [result] : [];

    internal int MostParameters => Options.IsAsync ? CanonicalSignature.MostAsyncParameters : CanonicalSignature.MostParameters;

    internal int MostResults => Options.IsAsync ? 0 : CanonicalSignature.MostResults;
}
