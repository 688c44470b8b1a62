namespace Allotrope.Components;

/// <summary>What an instance has handles to; numbers begin at 1 and are given out again, the last one first.</summary>
sealed class HandleTable
{
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

        if (_handles.Count > Most)
            throw new ComponentTrap("too many handles");
        _handles.Add(handle);
        return (uint)_handles.Count - 1;
    }

    internal void Remove(uint index)
    {
        _handles[(int)index] = null;
        _free.Push((int)index);
    }
}
