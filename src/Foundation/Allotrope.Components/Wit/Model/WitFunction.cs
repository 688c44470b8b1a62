namespace Allotrope.Components.Wit;

/// <summary>A function of an interface, a world or a resource.</summary>
/// <param name="Head">Its name; of a constructor, <c>constructor</c>.</param>
/// <param name="Kind">What it belongs to.</param>
/// <param name="IsAsync">Whether it says that it may wait.</param>
/// <param name="Parameters">What it takes, without the resource it is a method of.</param>
/// <param name="Result">What it gives; null for nothing. Of a constructor, null for the resource.</param>
public sealed record WitFunction(WitHead Head, WitFunctionKind Kind, bool IsAsync, IReadOnlyList<WitField> Parameters, WitExpression? Result)
{
    public string Name => Head.Name;

    /// <summary>The resource that it belongs to; null for a function of its own.</summary>
    public WitResource? Resource { get; internal set; }

    /// <summary>The name that components know it by.</summary>
    public string EncodedName => Kind switch
    {
        WitFunctionKind.Constructor => $"[constructor]{Resource!.Name}",
        WitFunctionKind.Method => $"[method]{Resource!.Name}.{Name}",
        WitFunctionKind.Static => $"[static]{Resource!.Name}.{Name}",
        _ => Name,
    };
}

/// <summary>What a function belongs to.</summary>
public enum WitFunctionKind
{
    /// <summary>An interface or a world.</summary>
    Free,

    /// <summary>One resource of a type.</summary>
    Method,

    /// <summary>A type of resources.</summary>
    Static,

    /// <summary>A type of resources, of which it makes one.</summary>
    Constructor,
}
