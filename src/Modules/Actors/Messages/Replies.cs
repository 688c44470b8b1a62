using System.Threading.Channels;
using Allotrope.Contracts;

namespace Allotrope.Actors;

/// <summary>The replies to one request that have come and are not read yet: the first ones, as many as are expected, and of no more bytes than a component holds.</summary>
sealed class Replies(int expected)
{
    readonly Channel<BrokerMessage> _come = Channel.CreateUnbounded<BrokerMessage>();
    readonly Lock _gate = new();
    int _left = expected;
    long _bytes;

    /// <summary>Never waits. The first reply that is too much is taken, so that who reads finds it so.</summary>
    public void Add(BrokerMessage reply)
    {
        lock (_gate)
        {
            if (_left == 0 || _bytes > MessageHoldings.MostBytes)
                return;
            _left--;
            _bytes += LinkedMessage.BytesOf(reply);
            _come.Writer.TryWrite(reply);
        }
    }

    /// <summary>The next one, also when it is too late for more.</summary>
    public ValueTask<BrokerMessage> NextAsync(CancellationToken cancellation) =>
        _come.Reader.TryRead(out var come) ? ValueTask.FromResult(come) : _come.Reader.ReadAsync(cancellation);
}
