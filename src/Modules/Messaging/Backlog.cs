using System.Threading.Channels;
using Allotrope.Contracts;

namespace Allotrope.Messaging;

/// <summary>The messages of one subscription that wait for a component, in order. The oldest give way when there are too many or no room is left, so that no sender waits.</summary>
/// <param name="room">Taken by each from when it is added until whoever took it frees it.</param>
sealed class Backlog(Room room)
{
    /// <summary>Messages that wait.</summary>
    public const int Most = 1024;

    readonly Lock _gate = new();
    readonly Channel<BrokerMessage> _waiting = Channel.CreateUnbounded<BrokerMessage>();
    long _lost;

    /// <summary>Never waits.</summary>
    public void Add(BrokerMessage message)
    {
        lock (_gate)
        {
            while (_waiting.Reader.Count >= Most && DropOldest())
            {
            }
            var taken = room.TryTake(message);
            while (!taken && DropOldest())
                taken = room.TryTake(message);
            if (!taken)
                _lost++; // the other subscriptions of the component have it all
            else if (!_waiting.Writer.TryWrite(message))
                room.Free(message); // it is over
        }
    }

    /// <summary>The next one, which takes room until it is freed; <see langword="null"/> when there are none any more. For one reader.</summary>
    public async ValueTask<BrokerMessage?> NextAsync()
    {
        do
            if (_waiting.Reader.TryRead(out var next))
                return next;
        while (await _waiting.Reader.WaitToReadAsync());
        return null;
    }

    /// <summary>How many were dropped since this was asked last.</summary>
    public long TakeLost()
    {
        lock (_gate)
        {
            var lost = _lost;
            _lost = 0;
            return lost;
        }
    }

    /// <summary>Adds no more; those that wait can be taken.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    bool DropOldest()
    {
        if (!_waiting.Reader.TryRead(out var oldest))
            return false;
        room.Free(oldest);
        _lost++;
        return true;
    }
}
