namespace Allotrope.Components.Wit;

/// <summary>Versions as semver.org writes them.</summary>
static class WitVersion
{
    /// <summary>Why the text is no version; null when it is one.</summary>
    internal static string? Problem(string text)
    {
        var rest = Cut(Cut(text, '+', out var build), '-', out var prerelease);
        var numbers = rest.Split('.');
        if (numbers.Length != 3)
            return $"it has {(numbers[0].Length == 0 ? 0 : numbers.Length)} numbers";
        foreach (var number in numbers)
        {
            if (number.Length == 0)
                return "a number is missing";
            if (number.Length > 1 && number[0] == '0')
                return "a number begins with 0";
            if (!ulong.TryParse(number, out _))
                return "a number is too large";
        }

        foreach (var part in (prerelease ?? "x").Split('.').Concat((build ?? "x").Split('.')))
        {
            if (part.Length == 0)
                return "a part behind `-` or `+` is empty";
        }

        return prerelease is not null && prerelease.Split('.').Any(part => part.Length > 1 && part[0] == '0' && part.All(WitLabel.IsDigit))
            ? "a number behind `-` begins with 0"
            : null;
    }

    /// <summary>Whether the first is later than the second. Both are versions. Of what is before a release, the order is that of semver.org, rule 11.</summary>
    internal static bool IsLater(string first, string second)
    {
        var a = Cut(Cut(first, '+', out _), '-', out var early).Split('.');
        var b = Cut(Cut(second, '+', out _), '-', out var other).Split('.');
        for (var i = 0; i < 3; i++)
        {
            var order = ulong.Parse(a[i]).CompareTo(ulong.Parse(b[i]));
            if (order != 0)
                return order > 0;
        }

        if (early is null || other is null)
            return early is null && other is not null;
        var (ours, theirs) = (early.Split('.'), other.Split('.'));
        for (var i = 0; i < Math.Min(ours.Length, theirs.Length); i++)
        {
            var order = Compare(ours[i], theirs[i]);
            if (order != 0)
                return order > 0;
        }

        return ours.Length > theirs.Length;
    }

    static int Compare(string one, string other) => (one.All(WitLabel.IsDigit), other.All(WitLabel.IsDigit)) switch
    {
        (true, true) => one.Length != other.Length ? one.Length.CompareTo(other.Length) : string.CompareOrdinal(one, other),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(one, other),
    };

    static string Cut(string text, char at, out string? behind)
    {
        var place = text.IndexOf(at);
        behind = place < 0 ? null : text.Substring(place + 1);
        return place < 0 ? text : text.Substring(0, place);
    }
}
