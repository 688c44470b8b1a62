using System.Numerics;

namespace Allotrope.Wasm;

/// <summary>A set of a function's locals.</summary>
sealed class LocalSet(int locals)
{
    readonly ulong[] _words = new ulong[(locals + 63) / 64];

    internal bool Contains(int local) => (_words[local >> 6] >> local & 1) != 0;

    internal void Add(int local) => _words[local >> 6] |= 1UL << local;

    internal void Remove(int local) => _words[local >> 6] &= ~(1UL << local);

    internal void Add(LocalSet other)
    {
        for (var i = 0; i < _words.Length; i++)
            _words[i] |= other._words[i];
    }

    internal void Set(LocalSet other) => other._words.CopyTo(_words, 0);

    internal void Clear() => Array.Clear(_words);

    internal bool Equals(LocalSet other) => _words.AsSpan().SequenceEqual(other._words);

    internal LocalSet Copy()
    {
        var copy = new LocalSet(locals);
        copy.Set(this);
        return copy;
    }

    /// <summary>The locals that are in the other set too, or all; in order.</summary>
    internal int[] ToArray(LocalSet? both = null)
    {
        var found = new List<int>();
        for (var i = 0; i < _words.Length; i++)
        {
            for (var word = _words[i] & (both?._words[i] ?? ulong.MaxValue); word != 0; word &= word - 1)
                found.Add((i << 6) + BitOperations.TrailingZeroCount(word));
        }

        return [.. found];
    }
}
