using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Messaging;

/// <summary>Gives the messages of one subscription to a component, several at once. At most once: what a component fails at, or is too slow for, is gone.</summary>
sealed class Delivery : IAsyncDisposable
{
    /// <summary>Messages at a component at once; it has its own bound, its instances, and the others wait there.</summary>
    const int AtOnce = 16;

    /// <summary>How long messages that are being handled may go on at the end: a component that waits for others may wait for ever.</summary>
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    readonly ILattice _lattice;
    readonly string _provider;
    readonly Receiver _receiver;
    readonly Subscription _subscription;
    readonly CancellationTokenSource _end;
    readonly Lock _gate = new();
    readonly Task _giving;
    long _lostBefore;

    Delivery(ILattice lattice, TimeProvider time, string provider, Receiver receiver, Subscription subscription)
    {
        (_lattice, _provider, _receiver, _subscription) = (lattice, provider, receiver, subscription);
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _giving = Parallel.ForEachAsync(
            subscription.ReadAllAsync(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (message, _) => GiveAsync(message));
    }

    public static async Task<Delivery> StartAsync(ILattice lattice, TimeProvider time, string provider, Receiver receiver, CancellationToken cancellation)
    {
        var options = new SubscriptionOptions(QueueGroup: $"{receiver.Workload}.{receiver.Handler}"); // one of the nodes that run it gets each message
        return new(lattice, time, provider, receiver, await lattice.SubscribeAsync(Subjects.Topic(provider, receiver.Pattern), options, cancellation));
    }

    /// <summary>Takes no more messages and awaits those that are being handled, which are called off after a while.</summary>
    public async ValueTask DisposeAsync()
    {
        await _subscription.DisposeAsync();
        _end.CancelAfter(Drain);
        await _giving;
        _end.Dispose();
    }

    async ValueTask GiveAsync(Message message)
    {
        var failed = true;
        try
        {
            var delivery = new MessageDelivery(_provider, _receiver.Handler, message.Payload.As(ContractsJson.Default.BrokerMessage), TakeLost());
            // Its time is the component's to bound
            var reply = await _lattice.RequestAsync(
                new Message(Subjects.Handle(_receiver.Workload), Payload.Of(delivery, ContractsJson.Default.MessageDelivery)), Timeout.InfiniteTimeSpan, _end.Token);
            failed = reply.Payload.As(ContractsJson.Default.MessageOutcome).Error is not null;
        }
        catch (Exception error) when (error is FaultException or OperationCanceledException)
        {
            // The workload's log says what it failed at, and the count below that it did: nobody waits for an answer who could be told. Or it was stopped.
        }
        finally
        {
            MessagingMeter.Count(_receiver.Workload, failed);
        }
    }

    /// <summary>How many were dropped that the component was not told of yet.</summary>
    long TakeLost()
    {
        lock (_gate)
        {
            var lost = _subscription.Dropped - _lostBefore;
            _lostBefore += lost;
            return lost;
        }
    }
}
