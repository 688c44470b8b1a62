namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>
/// Assertions of older versions that a later version of the specification turned round: what they say must be refused is valid now. Each must
/// fail, so the list stays true.
/// </summary>
static class Superseded
{
    /// <summary>Scripts and the lines of their assertions.</summary>
    static readonly Dictionary<string, int[]> Lines = [];

    public static IReadOnlyList<int> LinesOf(string script) => Lines.GetValueOrDefault(script, []);
}
