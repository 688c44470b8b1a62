using System.Globalization;

namespace Allotrope.Contracts;

/// <summary>A mapping whose keys are known: refuses the others at once, and hands out values of the kind expected.</summary>
sealed class Section
{
    readonly Node.Mapping _node;
    readonly Problems _problems;
    readonly HashSet<string> _meant = [];

    /// <param name="what">What the mapping is in a message: <c>a component</c>.</param>
    public Section(Node.Mapping node, string what, Problems problems, params IReadOnlyCollection<string> known)
    {
        (_node, What, _problems) = (node, what, problems);
        foreach (var entry in node.Entries)
            if (!known.Contains(entry.Key))
                Unknown(entry, known);
    }

    public string What { get; }

    public Place At => _node.At;

    /// <summary>Where the value of <paramref name="key"/> stands, or else the mapping.</summary>
    public Place PlaceOf(string key) => Value(key)?.At ?? At;

    public bool Has(string key) => Entry(key) is not null;

    /// <summary>The value, or <see langword="null"/> when the key is absent or stands for nothing.</summary>
    public Node? Value(string key) => Entry(key)?.Value is not Node.Scalar { IsNothing: true } and { } value ? value : null;

    /// <summary>Reports that <paramref name="key"/> must not stand here.</summary>
    public void Refuse(string key, string why)
    {
        if (Entry(key) is { } entry)
            _problems.Error(entry.At, $"key '{key}'", why);
    }

    public string? Text(string key)
    {
        switch (Value(key))
        {
            case null:
                return null;
            case Node.Scalar scalar:
                return scalar.Text;
            case var other:
                Mismatch(other, $"'{key}' of {What} is one word or sentence");
                return null;
        }
    }

    /// <summary>The text, or an empty one with an error when there is none.</summary>
    public string RequiredText(string key)
    {
        if (Text(key) is { Length: > 0 } text)
            return text;
        if (Value(key) is null or Node.Scalar)
            Missing(key);
        return "";
    }

    public int Integer(string key, int otherwise, int least, int most)
    {
        var value = Value(key);
        if (value is null)
            return otherwise;
        if (value is Node.Scalar scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
            return number;
        Mismatch(value, $"'{key}' of {What} is a whole number from {least} to {most}");
        return otherwise;
    }

    public Node.Mapping? Mapping(string key)
    {
        var value = Value(key);
        if (value is not (null or Node.Mapping))
            Mismatch(value, $"'{key}' of {What} is a mapping of keys to values");
        return value as Node.Mapping;
    }

    public Node.Mapping? RequiredMapping(string key)
    {
        if (Value(key) is null)
            Missing(key);
        return Mapping(key);
    }

    public IReadOnlyList<Node> List(string key)
    {
        var value = Value(key);
        if (value is not (null or Node.Sequence))
            Mismatch(value, $"'{key}' of {What} is a list, each item on a line of its own that begins with '- '");
        return value is Node.Sequence list ? list.Items : [];
    }

    /// <summary>The items of a list that are mappings; the others are reported.</summary>
    public IEnumerable<Node.Mapping> Mappings(string key)
    {
        foreach (var item in List(key))
        {
            if (item is Node.Mapping mapping)
                yield return mapping;
            else
                Mismatch(item, $"each item of '{key}' is a mapping of keys to values");
        }
    }

    /// <summary>A mapping of free keys to text.</summary>
    public IReadOnlyDictionary<string, string> Texts(string key) => Mapping(key) is { } mapping ? Settings.Read(mapping, _problems) : Settings.None;

    /// <summary>Reports that <paramref name="key"/> is not there, unless a misspelt one was reported in its place.</summary>
    public void Missing(string key)
    {
        if (!_meant.Contains(key))
            _problems.Error(At, $"no '{key}'", $"{What} must have one");
    }

    void Unknown(Entry entry, IReadOnlyCollection<string> known)
    {
        _problems.Error(entry.At, $"unknown key '{Quote.Short(entry.Key)}'", Spelling.Hint(entry.Key, known));
        if (Spelling.Nearest(entry.Key, known) is { } meant)
            _meant.Add(meant);
    }

    void Mismatch(Node found, string expected) => _problems.Error(found.At, found.Kind, expected);

    Entry? Entry(string key) => _node.Entries.FirstOrDefault(entry => entry.Key == key);
}
