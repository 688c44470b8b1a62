using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>An end of a stream or future that an instance has a handle to.</summary>
/// <param name="channel">What it is an end of.</param>
/// <param name="isFuture">Whether that is a future.</param>
/// <param name="isReadable">Which end.</param>
sealed class ChannelEnd(Channel channel, bool isFuture, bool isReadable) : Waitable
{
    /// <summary>Elements of a table that take as much as an end and its half of the channel.</summary>
    internal const uint Elements = 32;

    CopyState _state;

    bool IsCopying => _state is CopyState.Copying or CopyState.Cancelling;

    string What => isFuture ? "future" : "stream";

    EventCode Code => (isFuture, isReadable) switch
    {
        (false, true) => EventCode.StreamRead,
        (false, false) => EventCode.StreamWrite,
        (true, true) => EventCode.FutureRead,
        _ => EventCode.FutureWrite,
    };

    /// <exception cref="ComponentTrap">It is no such end, or of a channel of another type.</exception>
    internal void RequireType(ChannelType type, InstanceState instance, bool readable)
    {
        if (isFuture != type.IsFuture || isReadable != readable || !channel.IsOf(type, instance))
            throw new ComponentTrap($"a handle used with the wrong type, expected the {(readable ? "readable" : "writable")} end of a {type}");
    }

    /// <summary>Copies (Canonical ABI, <c>stream.read</c> and the like).</summary>
    /// <returns>What came of it, or that there is something to wait for.</returns>
    internal Value Copy(InstanceState instance, uint index, CopyBuffer buffer, bool isAsync, WaitSite site)
    {
        var result = site.Type.Results[0];
        _state = CopyState.Copying;
        channel.Begin(new Copy(this, instance, index, buffer), isReadable);
        if (HasEvent)
            return Flat.ToValue(TakeEvent().Payload, result);
        return isAsync ? Blocked.Of(result) : WaitAlone(instance.RequireThread(), site, () => HasEvent, () => Flat.ToValue(TakeEvent().Payload, result));
    }

    /// <summary>Ends the copy under way (Canonical ABI, <c>stream.cancel-read</c> and the like).</summary>
    internal Value Cancel(InstanceState instance, bool isAsync, WaitSite site)
    {
        if (_state != CopyState.Copying || HasSyncWaiter)
            throw new ComponentTrap($"{What} {(isReadable ? "read" : "write")} cancelled when no {(isReadable ? "read" : "write")} is pending");
        if (!isAsync)
            RequireNoSet();
        _state = CopyState.Cancelling;
        if (!HasEvent)
            channel.Cancel();
        if (HasEvent)
            return Flat.ToValue(TakeEvent().Payload, site.Type.Results[0]);
        return isAsync ? Blocked.Value : WaitAlone(instance.RequireThread(), site, () => HasEvent, () => Value.FromInt32((int)TakeEvent().Payload));
    }

    /// <exception cref="ComponentTrap">A copy is under way, or none can be any more.</exception>
    internal void RequireIdle()
    {
        if (IsCopying)
            throw new ComponentTrap("cannot have concurrent operations active on a future/stream");
        if (_state == CopyState.Done)
            throw new ComponentTrap($"cannot {(isReadable ? "read from" : "write to")} {What} {WhyDone}");
    }

    /// <summary>The channel, for another owner of this end.</summary>
    /// <exception cref="ComponentTrap">It is in use, or of no use any more.</exception>
    internal Channel Give()
    {
        if (IsCopying)
            throw new ComponentTrap($"cannot remove busy {What}");
        if (_state == CopyState.Done)
            throw new ComponentTrap($"cannot lift {What} {WhyDone}");
        return IsInSet ? throw new ComponentTrap($"cannot lift {What} while it's in a waitable set") : channel;
    }

    /// <summary>The end is gone.</summary>
    internal void Drop()
    {
        if (IsCopying)
            throw new ComponentTrap($"cannot {(isReadable ? "remove" : "drop")} busy {What}");
        if (isFuture && !isReadable && _state != CopyState.Done)
            throw new ComponentTrap("cannot drop future write end without first writing a value");
        channel.Drop();
        Join(null);
    }

    /// <summary>Some of a stream's values have been copied; more can be until the guest is told.</summary>
    internal void Copied(Copy copy) => SetEvent(() =>
    {
        channel.Reclaim();
        return Told(copy, CopyResult.Completed);
    });

    /// <summary>The copy has ended.</summary>
    internal void Ended(Copy copy, CopyResult result) => SetEvent(() => Told(copy, result));

    string WhyDone => (isFuture, isReadable) switch
    {
        (true, true) => "after previous read succeeded",
        (true, false) => "after previous write succeeded or readable end dropped",
        _ => $"after being notified that the {(isReadable ? "writable" : "readable")} end dropped",
    };

    /// <summary>Of a stream, a copy that was cancelled is told so, also when all of it had been done.</summary>
    WaitEvent Told(Copy copy, CopyResult result)
    {
        if (!isFuture && _state == CopyState.Cancelling && result == CopyResult.Completed)
            result = CopyResult.Cancelled;
        _state = result == CopyResult.Dropped || (isFuture && result == CopyResult.Completed) ? CopyState.Done : CopyState.Idle;
        return new(Code, copy.Index, isFuture ? (uint)result : (uint)result | ((uint)copy.Buffer.Progress << 4));
    }
}
