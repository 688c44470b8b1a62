namespace Allotrope.Components;

/// <summary>Versions as semver.org writes them, and the short ones that stand for all compatible versions.</summary>
static class SemanticVersion
{
    /// <summary>Why the text is no version; null when it is one.</summary>
    internal static string? Problem(string text)
    {
        if (text.Length == 0)
            return "empty string, expected a semver version";
        var rest = text.AsSpan();
        var build = Cut(ref rest, '+');
        var prerelease = Cut(ref rest, '-');
        var count = 0;
        foreach (var range in rest.Split('.'))
        {
            count++;
            if (NumberProblem(rest[range], count < 3) is { } problem)
                return problem;
        }

        if (count != 3)
            return count < 3 ? "unexpected end of input while parsing a version of three numbers" : "unexpected character '.' after the patch version number";
        return IdentifiersProblem(prerelease, "pre-release", noLeadingZeros: true) ?? IdentifiersProblem(build, "build metadata", noLeadingZeros: false);
    }

    /// <summary>Whether it is what stands for all versions compatible with one: <c>1</c>, <c>0.2</c>, <c>0.0.3</c> or <c>0.0.0</c>.</summary>
    internal static bool IsCanonical(string text)
    {
        var numbers = text.Split('.');
        return Array.TrueForAll(numbers, number => NumberProblem(number, false) is null) && numbers switch
        {
            [var major] => major != "0",
            ["0", var minor] => minor != "0",
            ["0", "0", _] => true,
            _ => false,
        };
    }

    static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> text, char at)
    {
        var place = text.IndexOf(at);
        if (place < 0)
            return default;
        var cut = text[place..];
        text = text[..place];
        return cut;
    }

    static string? NumberProblem(ReadOnlySpan<char> number, bool more)
    {
        if (number.IsEmpty)
            return more ? "unexpected character '.' where a version number was expected" : "unexpected end of input where a version number was expected";
        foreach (var letter in number)
        {
            if (!char.IsAsciiDigit(letter))
                return $"unexpected character '{letter}' in a version number";
        }

        return number is ['0', _, ..] ? "invalid leading zero in a version number" : ulong.TryParse(number, out _) ? null : "a version number is too large";
    }

    static string? IdentifiersProblem(ReadOnlySpan<char> part, string what, bool noLeadingZeros)
    {
        if (part.IsEmpty)
            return null;
        var text = part[1..];
        foreach (var range in text.Split('.'))
        {
            var identifier = text[range];
            if (identifier.IsEmpty)
                return $"empty identifier segment in {what} identifier";
            var isNumber = true;
            foreach (var letter in identifier)
            {
                if (!char.IsAsciiLetterOrDigit(letter) && letter != '-')
                    return $"unexpected character '{letter}' in {what} identifier";
                isNumber &= char.IsAsciiDigit(letter);
            }

            if (noLeadingZeros && isNumber && identifier is ['0', _, ..])
                return $"invalid leading zero in {what} identifier";
        }

        return null;
    }
}
