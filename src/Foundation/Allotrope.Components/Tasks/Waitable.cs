namespace Allotrope.Components;

/// <summary>Something that tells when something has happened to it (Canonical ABI, "Waitable State"): a call, or an end of a stream or future.</summary>
abstract class Waitable
{
    internal const string Name = "something that can be waited for";

    Func<WaitEvent>? _event;
    WaitableSet? _set;

    private protected Waitable() => Place = new(this);

    /// <summary>Its place among those of its set that have an event.</summary>
    internal LinkedListNode<Waitable> Place { get; }

    internal bool HasEvent => _event is not null;

    internal bool IsInSet => _set is not null;

    /// <summary>Whether a thread waits for this alone.</summary>
    internal bool HasSyncWaiter { get; private set; }

    /// <summary>Something has happened; later events take the place of earlier ones that nobody was told of.</summary>
    /// <param name="happened">Says what it was, when somebody is told.</param>
    internal void SetEvent(Func<WaitEvent> happened)
    {
        _event = happened;
        _set?.Note(this);
    }

    internal WaitEvent TakeEvent()
    {
        var happened = _event!;
        _event = null;
        _set?.Forget(this);
        return happened();
    }

    /// <summary>Joins a set, or none, and leaves the one that it was in.</summary>
    /// <exception cref="ComponentTrap">A thread waits for it alone.</exception>
    internal void Join(WaitableSet? set)
    {
        if (HasSyncWaiter)
            throw UsedTwice();
        _set?.Remove(this);
        _set = set;
        _set?.Add(this);
    }

    /// <exception cref="ComponentTrap">It is in a set.</exception>
    internal void RequireNoSet()
    {
        if (IsInSet)
            throw UsedTwice();
    }

    /// <summary>Has the thread wait for this alone.</summary>
    /// <param name="isThere">What it waits for: an event.</param>
    /// <param name="finish">Gives the result of what core code called, when that is there.</param>
    private protected Wasm.Value WaitAlone(GuestThread thread, in WaitSite site, Func<bool> isThere, Func<Wasm.Value> finish)
    {
        HasSyncWaiter = true;
        return thread.WaitUntil(site, isThere, isCancellable: false, _ =>
        {
            HasSyncWaiter = false;
            return finish();
        });
    }

    static ComponentTrap UsedTwice() => new("waitable cannot be used synchronously while added to a waitable set");
}
