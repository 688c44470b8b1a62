namespace Allotrope.Wasm;

/// <summary>
/// What bounds checks have shown so far on every way to where code is emitted: for locals that served as addresses, how far from them the memory reaches
/// at least. Memories never shrink, so that stays true until the local changes.
/// </summary>
sealed class CheckedAddresses
{
    /// <summary>Locals that are remembered: blocks copy them, so a hostile module could otherwise make long lists of long lists.</summary>
    const int Most = 32;

    readonly Dictionary<int, KnownEnd> _ends = [];

    /// <summary>Whether bytes up to <paramref name="end"/> from the local are in the memory.</summary>
    internal bool Knows(int local, int memory, ulong end) => _ends.TryGetValue(local, out var known) && known.Memory == memory && end <= known.End;

    internal void Note(int local, int memory, ulong end)
    {
        if (_ends.Count == Most && !_ends.ContainsKey(local))
            _ends.Clear();
        _ends[local] = new KnownEnd(local, memory, end);
    }

    internal void Forget(int local) => _ends.Remove(local);

    /// <summary>A loop begins, in which these locals may change.</summary>
    internal void Forget(ulong locals)
    {
        foreach (var local in _ends.Keys)
        {
            if ((locals & LoopFacts.Bit(local)) != 0)
                _ends.Remove(local);
        }
    }

    internal void Clear() => _ends.Clear();

    internal KnownEnd[] Copy() => _ends.Count == 0 ? [] : [.. _ends.Values];

    /// <summary>What is known here and was known there.</summary>
    internal KnownEnd[] CommonWith(KnownEnd[]? there) => there is null ? Copy() : Array.TrueForAll(there, known => Knows(known.Local, known.Memory, known.End))
        ? there
        : [.. there.Where(known => Knows(known.Local, known.Memory, 0)).Select(known => known with { End = Math.Min(known.End, _ends[known.Local].End) })];

    internal void Become(KnownEnd[] known)
    {
        _ends.Clear();
        foreach (var end in known)
            _ends[end.Local] = end;
    }
}

/// <summary>A memory reaches at least <paramref name="End"/> bytes from the address in a local.</summary>
readonly record struct KnownEnd(int Local, int Memory, ulong End);
