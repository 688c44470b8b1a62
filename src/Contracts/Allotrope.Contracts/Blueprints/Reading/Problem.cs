namespace Allotrope.Contracts;

/// <summary>One thing wrong with a document, or worth a look.</summary>
/// <param name="Found">What stands there: <c>unknown key 'instnces'</c>.</param>
/// <param name="Expected">What should, or what to do: <c>did you mean 'instances'?</c></param>
public sealed record Problem(Place At, string Found, string Expected)
{
    /// <summary>One sentence with the place in it.</summary>
    public override string ToString() => $"{Found} at {At}; {Expected}";
}
