using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Messaging;

/// <summary>
/// Gives the messages of one subscription to a component, in the order in which they came, several at once. At most once: what a component fails at, or is too
/// slow for, is gone.
/// </summary>
sealed class Delivery : IAsyncDisposable
{
    /// <summary>Messages at a component at once; it has its own bound, its instances, and the others wait there.</summary>
    const int AtOnce = 16;

    /// <summary>How long messages that are being handled may go on at the end: a component that waits for others may wait for ever.</summary>
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    readonly ILattice _lattice;
    readonly TimeProvider _time;
    readonly string _provider;
    readonly Receiver _receiver;
    readonly Room _room;
    readonly Backlog _backlog;
    readonly SemaphoreSlim _places = new(AtOnce);
    readonly CancellationTokenSource _end;
    readonly Task _giving;
    IAsyncDisposable? _subscription;

    Delivery(ILattice lattice, TimeProvider time, string provider, Receiver receiver, Room room)
    {
        (_lattice, _time, _provider, _receiver, _room, _backlog) = (lattice, time, provider, receiver, room, new Backlog(room));
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _giving = GiveAllAsync();
    }

    /// <param name="room">That of all messages of the component.</param>
    public static async Task<Delivery> StartAsync(
        ILattice lattice, TimeProvider time, string provider, Receiver receiver, Room room, CancellationToken cancellation)
    {
        var delivery = new Delivery(lattice, time, provider, receiver, room);
        try
        {
            // Served and not subscribed to, so that a message is in the backlog, which bounds them, when its sender goes on.
            delivery._subscription = await lattice.ServeAsync(
                Subjects.Topic(provider, receiver.Pattern),
                (message, _) =>
                {
                    delivery._backlog.Add(message.Payload.As(ContractsJson.Default.BrokerMessage));
                    return ValueTask.FromResult(new Message("", default));
                },
                $"{receiver.Workload}.{receiver.Handler}", // one of the nodes that run it gets each message
                cancellation);
            return delivery;
        }
        catch
        {
            await delivery.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more messages and awaits those that are being handled, which are called off after a while.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_subscription is not null)
            await _subscription.DisposeAsync();
        _backlog.Complete();
        _end.CancelAfter(Drain);
        await _giving;
        _end.Dispose();
        _places.Dispose();
    }

    async Task GiveAllAsync()
    {
        await _places.WaitAsync();
        for (; await _backlog.NextAsync() is { } message; await _places.WaitAsync())
            _ = GiveAsync(message); // owned: its place is awaited below. It begins here, so that messages reach the component in their order.
        for (var others = AtOnce - 1; others > 0; others--)
            await _places.WaitAsync();
    }

    async Task GiveAsync(BrokerMessage message)
    {
        var failed = true;
        try
        {
            var delivery = new MessageDelivery(_provider, _receiver.Handler, message, _backlog.TakeLost());
            // Its time is the component's to bound
            var reply = await _lattice.RequestAsync(
                new Message(Subjects.Handle(_receiver.Workload), Payload.Of(delivery, ContractsJson.Default.MessageDelivery)), Timeout.InfiniteTimeSpan, _end.Token);
            failed = reply.Payload.As(ContractsJson.Default.MessageOutcome).Error is not null;
        }
        catch (FaultException error) when (error.Fault is Fault.Unreachable)
        {
            // Nobody runs it who could write this.
            await WorkloadLog.TellAsync(_lattice, _time, _receiver.Workload,
                $"the message on {message.Subject} was dropped: {_provider} has it for {_receiver.Workload}, which does not run; `allot status` tells what does.");
        }
        catch (Exception error) when (error is FaultException or OperationCanceledException)
        {
            // The workload's log says what it failed at, and the count below that it did: nobody waits for an answer who could be told. Or it was stopped.
        }
        finally
        {
            _room.Free(message);
            MessagingMeter.Count(_receiver.Workload, failed);
            _places.Release();
        }
    }
}
