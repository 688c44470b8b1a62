using System.Buffers;

namespace Allotrope.Contracts;

/// <summary>Lists of intents as labels and link values have them: names, or prefixes that end in <c>*</c>, with commas between.</summary>
public static class IntentPatterns
{
    /// <summary>Bytes of an intent's name.</summary>
    public const int NameLength = 128;

    /// <summary>Patterns of one list.</summary>
    public const int Most = 256;

    public const string Rule =
        "names of intents (at most 128 letters, digits, '_', '-', '.', ':' or '/'), or prefixes that end in '*', with commas between";

    static readonly SearchValues<char> Letters = SearchValues.Create("_-.:/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>The patterns of a list, in its order; none of an empty one, which stands for all intents.</summary>
    public static IReadOnlyList<string> Split(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether every pattern is one an intent's name could match.</summary>
    public static bool AreGood(IReadOnlyList<string> patterns) => patterns.Count <= Most && patterns.All(IsGood);

    static bool IsGood(string pattern) =>
        pattern.Length is > 0 and <= NameLength && !(pattern[^1] == '*' ? pattern.AsSpan(0, pattern.Length - 1) : pattern).ContainsAnyExcept(Letters);
}
