using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Things of an instance that its code knows by numbers; numbers begin at 1 and are given out again, the last one first.</summary>
/// <param name="store">Pays for the places.</param>
/// <param name="elementsEach">What a place counts for among the elements of the store's tables, each of which takes 8 bytes.</param>
/// <param name="what">What they are called, in messages.</param>
class IndexTable<T>(Store store, uint elementsEach, string what)
    where T : class
{
    /// <summary>Things that an instance may have at once (Canonical ABI, "Table State").</summary>
    const int Most = (1 << 28) - 1;

    readonly List<T?> _places = [null];
    readonly Stack<int> _free = [];

    /// <summary>One above the highest number that was given out.</summary>
    private protected uint End => (uint)_places.Count;

    /// <summary>What has the number; null for nothing.</summary>
    internal T? Find(uint index) => index < (uint)_places.Count ? _places[(int)index] : null;

    /// <exception cref="ComponentTrap">There are too many.</exception>
    internal uint Add(T thing)
    {
        if (_free.TryPop(out var index))
        {
            _places[index] = thing;
            return (uint)index;
        }

        if (_places.Count > Most || !store.TryTakeElements(elementsEach))
            throw new ComponentTrap($"too many {what}");
        _places.Add(thing);
        return (uint)_places.Count - 1;
    }

    internal void Remove(uint index)
    {
        _places[(int)index] = null;
        _free.Push((int)index);
    }
}
