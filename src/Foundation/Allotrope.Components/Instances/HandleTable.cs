using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What an instance has handles to: resources, and what it can wait for.</summary>
/// <param name="store">Pays for the places.</param>
sealed class HandleTable(Store store) : IndexTable<object>(store, ElementsEach, "handles")
{
    /// <summary>Elements of a table that take about as much as a place with what is in it.</summary>
    const uint ElementsEach = 8;

    readonly Store _store = store;
    long _heavy;
    long _paid;

    internal ResourceHandle this[uint index] => Find(index) is ResourceHandle handle ? handle : throw Missing(index, "a resource");

    /// <summary>A handle of another sort.</summary>
    /// <exception cref="ComponentTrap">It is none.</exception>
    internal T Get<T>(uint index, string what)
        where T : class => Find(index) as T ?? throw Missing(index, what);

    /// <summary>Adds something that takes more than a place.</summary>
    /// <param name="thing">What has a handle.</param>
    /// <param name="elements">The elements of a table that it takes as much as, besides its place. Like places they are the table's for good once they were paid for.</param>
    /// <exception cref="ComponentTrap">There are too many.</exception>
    internal uint AddHeavy(object thing, uint elements)
    {
        _heavy += elements;
        if (_heavy > _paid)
        {
            if (!_store.TryTakeElements((ulong)(_heavy - _paid)))
                throw new ComponentTrap("too many handles");
            _paid = _heavy;
        }

        return Add(thing);
    }

    internal void RemoveHeavy(uint index, uint elements)
    {
        _heavy -= elements;
        Remove(index);
    }

    /// <summary>Disposes of the host's objects in it.</summary>
    internal void Dispose()
    {
        for (var i = 1u; i < End; i++)
        {
            if (Find(i) is not ResourceHandle { IsOwn: true, Target: IDisposable target })
                continue;
            Remove(i);
            target.Dispose();
        }
    }

    ComponentTrap Missing(uint index, string what) => Find(index) is null
        ? ComponentTrap.UnknownHandle(index)
        : new ComponentTrap($"handle index {index} used with the wrong type, expected {what} but found something else");
}
