using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What an instance has handles to; numbers begin at 1 and are given out again, the last one first.</summary>
/// <param name="store">Pays for the places.</param>
sealed class HandleTable(Store store)
{
    /// <summary>What a place counts for among the elements of the store's tables, each of which takes 8 bytes.</summary>
    const int ElementsEach = 8;

    /// <summary>Handles that an instance may have at once (Canonical ABI, "Table State").</summary>
    const int Most = (1 << 28) - 1;

    readonly List<ResourceHandle?> _handles = [null];
    readonly Stack<int> _free = [];

    internal ResourceHandle this[uint index] =>
        index < (uint)_handles.Count && _handles[(int)index] is { } handle ? handle : throw ComponentTrap.UnknownHandle(index);

    internal uint Add(ResourceHandle handle)
    {
        if (_free.TryPop(out var index))
        {
            _handles[index] = handle;
            return (uint)index;
        }

        if (_handles.Count > Most || !store.TryTakeElements(ElementsEach))
            throw new ComponentTrap("too many handles");
        _handles.Add(handle);
        return (uint)_handles.Count - 1;
    }

    internal void Remove(uint index)
    {
        _handles[(int)index] = null;
        _free.Push((int)index);
    }

    /// <summary>Disposes of the host's objects in it.</summary>
    internal void Dispose()
    {
        for (var i = 1; i < _handles.Count; i++)
        {
            if (_handles[i] is not { IsOwn: true, Target: IDisposable target })
                continue;
            Remove((uint)i);
            target.Dispose();
        }
    }
}
