namespace Allotrope.Lattice;

/// <summary>Keys in order, of which a page costs no more than itself. Not safe for concurrent use.</summary>
/// <param name="order">Ordinal, but for tests that count comparisons.</param>
sealed class KeyIndex(IComparer<string>? order = null)
{
    readonly SortedSet<string> _keys = new(order ?? StringComparer.Ordinal);

    public void Add(string key) => _keys.Add(key);

    public void Remove(string key) => _keys.Remove(key);

    /// <summary>The keys beyond <paramref name="after"/> in order; <see langword="null"/> for all.</summary>
    public IEnumerable<string> After(string? after)
    {
        if (after is null)
            return _keys;
        // The largest is at hand; a range that is none is an error.
        return _keys.Max is { } last && _keys.Comparer.Compare(after, last) < 0 ? _keys.GetViewBetween(after, last).SkipWhile(key => key == after) : [];
    }
}
