namespace Allotrope.Components;

/// <summary>
/// One call across a boundary: what the callee was lent, what its caller lends it, and, for the callee (the Canonical ABI's "Task"), what its built-in
/// functions need to know of the call they are made in.
/// </summary>
sealed class CallScope
{
    /// <summary>Of the host's heap, what an item of a list takes with the object that it is.</summary>
    internal const int ItemBytes = 32;

    /// <summary>Of the host's heap, what the values of one call may take.</summary>
    internal const long MostHeap = 128 << 20;

    readonly List<(ResourceHandle Handle, ResourceValue? Lent)> _lenders = [];

    /// <summary>Bytes of the host's heap that values may still take.</summary>
    internal long HeapLeft { get; set; } = MostHeap;

    /// <summary>Handles that the callee has been lent and not dropped.</summary>
    internal int Borrowed { get; set; }

    /// <summary>The two values that core code keeps for each call.</summary>
    internal long[] Kept { get; } = [0, 0];

    /// <summary>The thread that the callee's code runs in, where instances have several; null elsewhere.</summary>
    internal GuestThread? Thread { get; init; }

    internal void Lend(ResourceHandle handle, ResourceValue? lent)
    {
        handle.Lends++;
        _lenders.Add((handle, lent));
    }

    /// <summary>The caller may do with its handles what it likes again.</summary>
    internal void GiveBack()
    {
        foreach (var (handle, lent) in _lenders)
        {
            handle.Lends--;
            lent?.End();
        }

        _lenders.Clear();
    }

    /// <exception cref="ComponentTrap">The callee has kept what it was lent.</exception>
    internal void RequireGivenBack()
    {
        if (Borrowed > 0)
            throw new ComponentTrap("borrow handles still remain at the end of the call");
    }

    /// <summary>As new, for the next call.</summary>
    internal void Clear()
    {
        Kept.AsSpan().Clear();
        HeapLeft = MostHeap;
        Borrowed = 0;
    }
}
