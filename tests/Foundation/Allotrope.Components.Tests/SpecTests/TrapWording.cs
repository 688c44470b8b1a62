namespace Allotrope.Components.Tests.SpecTests;

/// <summary>Whether a trap is the one that a script wants: scripts say why, in the words of one implementation.</summary>
static class TrapWording
{
    const string Blocks = "cannot block a synchronous task before returning";

    /// <summary>What a script says, and what is said here of the same, or of what is wrong with the same call besides.</summary>
    static readonly (string Script, string Here)[] Known =
    [
        ("wasm `unreachable` instruction executed", "unreachable executed"),
        ("used with the wrong type, expected guest-defined resource", "used with the wrong type, expected another resource"),
        ("unaligned pointer", "realloc return: result not aligned"),
        ("list content out-of-bounds", "realloc return: beyond end of memory"),
        ("incomplete utf-8 byte sequence", "invalid utf-8"),
        ("deadlock detected", Blocks),
        // Calls that trap whoever makes them, so that it is a matter of what is looked at first: handles that are none, and functions that trap at once.
        (Blocks, "unknown handle index 57005"),
        (Blocks, "unknown handle index 3735928559"),
        (Blocks, "unreachable executed"),
    ];

    public static bool Agree(string script, string here) =>
        here.Contains(script.Replace("wasm trap: ", "", StringComparison.Ordinal), StringComparison.Ordinal)
        || Known.Any(known => script.Contains(known.Script, StringComparison.Ordinal) && here.Contains(known.Here, StringComparison.Ordinal));
}
