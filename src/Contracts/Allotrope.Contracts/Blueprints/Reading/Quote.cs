namespace Allotrope.Contracts;

/// <summary>Makes foreign text fit for a message: short, and without control characters that would take over a terminal.</summary>
static class Quote
{
    const int Most = 60;

    public static string Short(string text)
    {
        var cut = text.Length <= Most ? text : $"{text.AsSpan(0, Most - 1)}…";
        return cut.Any(Unprintable) ? string.Concat(cut.Select(c => Unprintable(c) ? '\uFFFD' : c)) : cut;
    }

    static bool Unprintable(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' || char.IsSurrogate(c) || c is >= '\u202A' and <= '\u202E';
}
