namespace Allotrope.Components;

/// <summary>WIT's <c>option&lt;T&gt;</c> where <c>T?</c> cannot tell none from some: an option of an option. The default is none.</summary>
public readonly record struct Option<T>(bool HasValue, T Value)
{
    /// <summary>No value.</summary>
    public static Option<T> None => default;

    /// <summary>This value.</summary>
    public static Option<T> Some(T value) => new(true, value);
}
