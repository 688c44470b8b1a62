using System.Buffers;

namespace Allotrope.Artery;

/// <summary>What an intent may be called: 1 to 128 of <c>A-Z a-z 0-9 _ - . : /</c>.</summary>
public static class IntentName
{
    static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:/");

    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= ArteryLimits.NameBytes && !name.ContainsAnyExcept(Characters);

    /// <summary>Whether only the core may say it.</summary>
    public static bool IsReserved(ReadOnlySpan<char> name) =>
        name.StartsWith("__", StringComparison.Ordinal)
        || name is "HEARTBEAT" or "CORE_STABLIZED" or "PULSE_RISE" or "PULSE_DROP" or "PULSE_FLATLINE";

    /// <summary>Whether a pattern of a receive or emit list, a name or a prefix ending in <c>*</c>, means this name.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) =>
        pattern is [.. var prefix, '*'] ? name.StartsWith(prefix, StringComparison.Ordinal) : name.SequenceEqual(pattern);
}
