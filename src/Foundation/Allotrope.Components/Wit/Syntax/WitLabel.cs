namespace Allotrope.Components.Wit;

/// <summary>Names in kebab case and the words that WIT keeps for itself.</summary>
static class WitLabel
{
    static readonly HashSet<string> Keywords =
    [
        "as", "async", "bool", "borrow", "char", "constructor", "enum", "error-context", "export", "f32", "f64", "flags", "from", "func", "future", "import",
        "include", "interface", "list", "map", "option", "own", "package", "record", "resource", "result", "s16", "s32", "s64", "s8", "static", "stream",
        "string", "tuple", "type", "u16", "u32", "u64", "u8", "use", "variant", "with", "world",
    ];

    internal static bool IsKeyword(string text) => Keywords.Contains(text);

    /// <summary>As it is written in WIT: a keyword with a <c>%</c>.</summary>
    internal static string Written(string name) => IsKeyword(name) ? "%" + name : name;

    /// <summary>Words of lower-case letters and digits, or acronyms of upper-case ones, the first beginning with a letter.</summary>
    internal static bool IsValid(string text)
    {
        if (text.Length == 0 || !IsLetter(text[0]))
            return false;
        foreach (var word in text.Split('-'))
        {
            if (word.Length == 0 || !(word.All(letter => IsDigit(letter) || letter is >= 'a' and <= 'z') || word.All(letter => IsDigit(letter) || letter is >= 'A' and <= 'Z')))
                return false;
        }

        return true;
    }

    internal static bool IsLetter(char letter) => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    internal static bool IsDigit(char letter) => letter is >= '0' and <= '9';
}
