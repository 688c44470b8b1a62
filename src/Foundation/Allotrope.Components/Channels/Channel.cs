namespace Allotrope.Components;

/// <summary>
/// A stream or future: at most one copy at either end, which the other end completes (Canonical ABI, "Stream State" and "Future State"). Nothing is kept
/// between the ends.
/// </summary>
/// <param name="type">Its type, for the instance that made it.</param>
/// <param name="maker">That instance.</param>
abstract class Channel(ChannelType type, InstanceState maker)
{
    Copy? _pending;
    (ChannelType Type, InstanceState Instance) _known;

    /// <summary>The type of its values; null when there is nothing to copy.</summary>
    private protected WitType? Element => type.Element;

    /// <summary>Whether one of the ends is gone.</summary>
    private protected bool IsDropped { get; private set; }

    /// <summary>The copy that waits for the other end.</summary>
    private protected Copy? Pending => _pending;

    /// <summary>Who gives turns to those that have its ends.</summary>
    internal EventLoop Loop => maker.Tasks.Loop;

    internal static Channel Of(ChannelType type, InstanceState maker) => type.IsFuture ? new FutureChannel(type, maker) : new StreamChannel(type, maker);

    /// <summary>Whether a type of an instance is the channel's.</summary>
    internal bool IsOf(ChannelType other, InstanceState instance)
    {
        if ((ReferenceEquals(other, type) && instance == maker) || (ReferenceEquals(other, _known.Type) && instance == _known.Instance))
            return true;
        if (!ElementTypes.AreSame(type, maker, other, instance))
            return false;
        _known = (other, instance);
        return true;
    }

    /// <summary>One end wants to copy; what comes of it is said to the ends.</summary>
    internal abstract void Begin(Copy copy, bool isRead);

    /// <summary>The copy that waits is told that it is to end.</summary>
    internal void Cancel() => Complete(CopyResult.Cancelled);

    internal void Drop()
    {
        if (IsDropped)
            return;
        IsDropped = true;
        if (_pending is not null)
            Complete(CopyResult.Dropped);
    }

    /// <summary>The same between turns, for who waits for one meanwhile.</summary>
    internal void DropForHost() => maker.Tasks.Loop.Interject(Drop);

    /// <summary>The buffer of the copy that waited is its guest's again.</summary>
    internal void Reclaim() => _pending = null;

    private protected void Wait(Copy copy) => _pending = copy;

    /// <summary>Ends the copy that waits.</summary>
    private protected void Complete(CopyResult result)
    {
        var pending = _pending!;
        _pending = null;
        pending.End.Ended(pending, result);
    }

    /// <exception cref="ComponentTrap">Both ends are one instance's, and the values are such that it would have to be in two calls at once.</exception>
    private protected void RequireTwoInstances(Copy copy)
    {
        if (copy.Instance == _pending!.Instance && Element is not (null or PrimitiveType { Kind: not (PrimitiveKind.Bool or PrimitiveKind.Char or PrimitiveKind.String) }))
            throw new ComponentTrap($"cannot read from and write to intra-component {(type.IsFuture ? "future" : "stream")} of {Element}");
    }
}
