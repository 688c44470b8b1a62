namespace Allotrope.Components.Tests.SpecTests;

/// <summary>
/// Scripts that contradict the specification they come with (Canonical ABI and definitions.py of the same commit), which later versions of the official tests
/// do not. A script in the list that holds fails its test, so the list is true.
/// </summary>
static class DisputedScripts
{
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["sync-streams"] =
            "wants a call STARTED while another task has the instance for itself; by enter_implicit_thread it is STARTING, as the script itself says in later versions",
        ["trap-on-reenter"] =
            "wants calls between a component and one within it to trap; by entering_set they may, as the script that took its place (reentrance) says",
    };
}
