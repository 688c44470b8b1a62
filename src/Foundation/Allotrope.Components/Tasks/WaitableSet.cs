namespace Allotrope.Components;

/// <summary>What a thread waits for at once: the first of several to which something happens.</summary>
sealed class WaitableSet
{
    internal const string Name = "a set of what can be waited for";

    /// <summary>Elements of a table that take as much.</summary>
    internal const uint Elements = 16;

    readonly LinkedList<Waitable> _happened = [];
    int _count;
    int _waiting;

    internal bool HasEvent => _happened.First is not null;

    /// <summary>A thread waits for the set.</summary>
    internal void Hold() => _waiting++;

    internal void Release() => _waiting--;

    /// <summary>The event that came first. There must be one.</summary>
    internal WaitEvent Take() => _happened.First!.Value.TakeEvent();

    internal void Add(Waitable waitable)
    {
        _count++;
        if (waitable.HasEvent)
            Note(waitable);
    }

    internal void Remove(Waitable waitable)
    {
        _count--;
        Forget(waitable);
    }

    /// <summary>One of it has an event.</summary>
    internal void Note(Waitable waitable)
    {
        if (waitable.Place.List is null)
            _happened.AddLast(waitable.Place);
    }

    /// <summary>It has none any more.</summary>
    internal void Forget(Waitable waitable)
    {
        if (waitable.Place.List is not null)
            _happened.Remove(waitable.Place);
    }

    /// <exception cref="ComponentTrap">Something is in it, or a thread waits for it.</exception>
    internal void RequireUnused()
    {
        if (_count > 0)
            throw new ComponentTrap("cannot drop waitable set with waitables in it");
        if (_waiting > 0)
            throw new ComponentTrap("cannot drop waitable set with waiters");
    }
}
