using System.Collections.Immutable;

namespace Allotrope.Components;

/// <summary>What a function of a component takes and gives.</summary>
public sealed class ComponentFunctionType(ImmutableArray<Parameter> parameters, WitType? result, bool isAsync)
    : TypeDefinition([.. parameters.Select(parameter => parameter.Type), .. result is null ? (IEnumerable<WitType>)[] : [result]])
{
    public ImmutableArray<Parameter> Parameters { get; } = parameters;

    /// <summary>What it gives; null for nothing.</summary>
    public WitType? Result { get; } = result;

    /// <summary>Whether calls of it may wait.</summary>
    public bool IsAsync { get; } = isAsync;

    public override string ToString() => IsLong ? $"func of {Parameters.Length} parameters" : $"{(IsAsync ? "async " : "")}func({string.Join(", ", Parameters.Select(each => $"{each.Name}: {each.Type}"))})"
        + (Result is null ? "" : $" -> {Result}");
}

/// <summary>A parameter of a component's function.</summary>
public readonly record struct Parameter(string Name, WitType Type);
