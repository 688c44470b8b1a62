namespace Allotrope.Wasi;

/// <summary>What an instance holds of one kind, counted and given back with it. Used by one thread at a time, as the instance is.</summary>
/// <param name="most">How many it may hold.</param>
sealed class Holdings(int most) : IDisposable
{
    readonly HashSet<IDisposable> _held = new(ReferenceEqualityComparer.Instance);

    public int Count => _held.Count;

    public bool IsFull => _held.Count >= most;

    public void Add(IDisposable thing) => _held.Add(thing);

    public void Remove(IDisposable thing) => _held.Remove(thing);

    public void Dispose()
    {
        foreach (var thing in _held.ToArray())
            thing.Dispose();
        _held.Clear();
    }
}
