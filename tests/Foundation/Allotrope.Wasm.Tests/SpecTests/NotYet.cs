namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>
/// Scripts that need something this engine does not have yet. The list only shrinks: a script in it that holds fails its test, so it is true.
/// </summary>
static class NotYet
{
    public static IReadOnlySet<string> Scripts { get; } = new HashSet<string>();
}
