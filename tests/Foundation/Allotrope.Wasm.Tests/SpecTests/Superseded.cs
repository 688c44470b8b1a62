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
        // A module may have several memories, and instructions name one by an index where a zero byte was.
        ["2.0/binary"] = [154, 162, 170, 178, 193, 201, 209, 217],
        ["2.0/imports"] = [718, 725, 732],
        ["2.0/memory"] = [31, 35],
    };

    public static IReadOnlyList<int> LinesOf(string script) => Lines.GetValueOrDefault(script, []);
}
