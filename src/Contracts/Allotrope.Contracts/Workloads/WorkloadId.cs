namespace Allotrope.Contracts;

/// <summary>Names a component of a blueprint on the lattice: <c>{blueprint}-{component}</c>, one token of a subject.</summary>
public static class WorkloadId
{
    /// <summary>Lower-cases and turns every character that is no ASCII letter or digit into <c>_</c>, as wadm does.</summary>
    public static string Of(string blueprint, string component) => $"{Token(blueprint)}-{Token(component)}";

    static string Token(string name) => string.Create(name.Length, name, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsAsciiLetterOrDigit(source[i]) ? char.ToLowerInvariant(source[i]) : '_';
    });
}
