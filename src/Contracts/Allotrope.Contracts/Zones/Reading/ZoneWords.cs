namespace Allotrope.Contracts;

/// <summary>What a zone or a service of it is told, whether by labels of a compose file or by properties of a blueprint: words, each with its place.</summary>
/// <param name="prefix">What precedes each word in messages: <c>o3.</c> for labels.</param>
sealed class ZoneWords(string prefix, Problems problems)
{
    readonly string _prefix = prefix;
    readonly Dictionary<string, (Place At, string Text)> _words = [];

    public bool Any => _words.Count > 0;

    /// <summary>What several say of one thing, some words of it: each said once, or by all alike.</summary>
    public static ZoneWords Merge(IReadOnlyList<ZoneWords> all, IReadOnlyList<string> words, Problems problems)
    {
        var merged = new ZoneWords(all[0]._prefix, problems);
        foreach (var word in words)
            foreach (var one in all)
                if (!one._words.TryGetValue(word, out var found))
                    continue;
                else if (!merged._words.TryGetValue(word, out var other))
                    merged._words[word] = found;
                else if (other.Text != found.Text)
                    merged.Mismatch(word, found, $"the zone's {word} is '{Quote.Short(other.Text)}' at {other.At} already; say it once");
        return merged;
    }

    public Place PlaceOf(string word, Place otherwise) => _words.TryGetValue(word, out var found) ? found.At : otherwise;

    public void Set(string word, Place at, string text) => _words[word] = (at, text);

    public string? Text(string word) => _words.TryGetValue(word, out var found) && found.Text.Length > 0 ? found.Text : null;

    /// <summary>A label without a value says yes.</summary>
    public bool Flag(string word, bool otherwise)
    {
        if (!_words.TryGetValue(word, out var found))
            return otherwise;
        switch (found.Text.ToLowerInvariant())
        {
            case "" or "true" or "yes" or "1":
                return true;
            case "false" or "no" or "0":
                return false;
            default:
                Mismatch(word, found, "expected 'true' or 'false'");
                return otherwise;
        }
    }

    public int Integer(string word, int otherwise, int least, int most)
    {
        if (!_words.TryGetValue(word, out var found))
            return otherwise;
        if (int.TryParse(found.Text, out var number) && number >= least && number <= most)
            return number;
        Mismatch(word, found, $"expected a whole number from {least} to {most}");
        return otherwise;
    }

    /// <summary>Mebibytes, 0 when nothing is said.</summary>
    public int Mebibytes(string word, int most)
    {
        if (!_words.TryGetValue(word, out var found))
            return 0;
        if (Quantity.Mebibytes(found.Text) is { } mebibytes && mebibytes > 0 && mebibytes <= most)
            return mebibytes;
        Mismatch(word, found, $"expected 1Mi to {most / 1024}Gi, such as 64Mi");
        return 0;
    }

    public TimeSpan Duration(string word, TimeSpan otherwise, TimeSpan least, TimeSpan most)
    {
        if (!_words.TryGetValue(word, out var found))
            return otherwise;
        if (Quantity.Duration(found.Text) is { } duration && duration >= least && duration <= most)
            return duration;
        Mismatch(word, found, $"expected whole ms, s or m from {Quantity.Text(least)} to {Quantity.Text(most)}, such as {Quantity.Text(otherwise)}");
        return otherwise;
    }

    public IReadOnlyList<string> Patterns(string word)
    {
        var patterns = IntentPatterns.Split(Text(word));
        if (IntentPatterns.AreGood(patterns))
            return patterns;
        Mismatch(word, _words[word], $"expected {IntentPatterns.Rule}");
        return [];
    }

    /// <summary>One of a few words, the first being what holds when nothing is said.</summary>
    public T Choice<T>(string word, IReadOnlyList<(string Name, T Value)> choices)
    {
        if (!_words.TryGetValue(word, out var found))
            return choices[0].Value;
        foreach (var (name, value) in choices)
            if (name == found.Text)
                return value;
        Mismatch(word, found, Spelling.Hint(found.Text, [.. choices.Select(choice => choice.Name)]));
        return choices[0].Value;
    }

    public void Refuse(string word, string why)
    {
        if (_words.TryGetValue(word, out var found))
            Mismatch(word, found, why);
    }

    void Mismatch(string word, (Place At, string Text) found, string expected) =>
        problems.Error(found.At, $"{_prefix}{word} '{Quote.Short(found.Text)}'", expected);
}
