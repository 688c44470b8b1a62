namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>How many commands of each kind held.</summary>
sealed class Tally
{
    readonly SortedDictionary<string, int> _counts = [];

    public void Count(string kind) => _counts[kind] = _counts.GetValueOrDefault(kind) + 1;

    public void Add(Tally other)
    {
        foreach (var (kind, count) in other._counts) _counts[kind] = _counts.GetValueOrDefault(kind) + count;
    }

    public int Assertions => _counts.Where(entry => entry.Key.StartsWith("assert_", StringComparison.Ordinal)).Sum(entry => entry.Value);

    public override string ToString() => string.Join(", ", _counts.Select(entry => $"{entry.Value} {entry.Key}"));
}
