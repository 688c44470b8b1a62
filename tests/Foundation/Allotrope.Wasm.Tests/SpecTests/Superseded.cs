namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>
/// Assertions of older versions that a later version of the specification turned round: what they say must be refused is valid now. Each must
/// fail, so the list stays true.
/// </summary>
static class Superseded
{
    /// <summary>Scripts and the lines of their assertions.</summary>
    static readonly Dictionary<string, int[]> Lines = new()
    {
        // Constant expressions may use the module's own constants that are already there.
        ["2.0/data"] = [73, 81],
        ["2.0/elem"] = [124, 134],
        ["2.0/global"] = [283, 290],
    };

    public static IReadOnlyList<int> LinesOf(string script) => Lines.GetValueOrDefault(script, []);
}
