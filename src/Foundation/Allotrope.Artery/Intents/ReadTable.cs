namespace Allotrope.Artery;

/// <summary>What the other side has interned on a link: the entry of an id from 1.</summary>
sealed class ReadTable<T>
    where T : class
{
    T[] _entries = new T[16];
    int _count;

    public void Define(T entry)
    {
        if (_count == ArteryLimits.Interned)
            return;
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);
        _entries[_count++] = entry;
    }

    public T this[ulong id] =>
        id - 1 < (ulong)_count ? _entries[id - 1] : throw ArteryException.Malformed($"A reference names entry {id} of {_count}.");
}
