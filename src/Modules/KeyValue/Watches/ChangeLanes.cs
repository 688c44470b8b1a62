using System.Threading.Channels;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>
/// Changes on their way to a component: those of one key one after the other, those of several at once. At most once: what a component fails at, or is too
/// slow for, is gone.
/// </summary>
sealed class ChangeLanes : IAsyncDisposable
{
    /// <summary>Changes at a component at once; it has its own bound, its instances, and the others wait there.</summary>
    const int AtOnce = 16;

    /// <summary>In each lane. What is behind them waits in the bucket's watch, which has the newest change of each key and no other.</summary>
    const int Waiting = 1;

    /// <summary>How long changes that are being handled may go on at the end.</summary>
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    readonly ILattice _lattice;
    readonly TimeProvider _time;
    readonly string _workload;
    readonly CancellationTokenSource _end;
    readonly Channel<KeyValueChange>[] _lanes = [.. Enumerable.Range(0, AtOnce).Select(_ => Channel.CreateBounded<KeyValueChange>(Waiting))];
    readonly Task _giving;

    public ChangeLanes(ILattice lattice, TimeProvider time, string workload)
    {
        (_lattice, _time, _workload) = (lattice, time, workload);
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _giving = Task.WhenAll(_lanes.Select(GiveAsync));
    }

    /// <summary>Awaits room for the change, which is given after those of its key.</summary>
    public ValueTask AddAsync(string key, KeyValueChange change, CancellationToken cancellation) =>
        _lanes[(uint)string.GetHashCode(key, StringComparison.Ordinal) % AtOnce].Writer.WriteAsync(change, cancellation);

    /// <summary>Awaits those that are being handled, which are called off after a while. What waits is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
            lane.Writer.TryComplete();
        _end.CancelAfter(Drain);
        await _giving;
        _end.Dispose();
    }

    async Task GiveAsync(Channel<KeyValueChange> lane)
    {
        await foreach (var change in lane.Reader.ReadAllAsync())
        {
            var failed = true;
            try
            {
                var message = new Message(Subjects.Change(_workload), Payload.Of(change, ContractsJson.Default.KeyValueChange));
                var reply = await _lattice.RequestAsync(message, Timeout.InfiniteTimeSpan, _end.Token); // its time is the component's to bound
                failed = reply.Payload.As(ContractsJson.Default.MessageOutcome).Error is not null;
            }
            catch (FaultException error) when (error.Fault is Fault.Unreachable)
            {
                // Nobody runs it who could write this.
                await WorkloadLog.TellAsync(_lattice, _time, _workload,
                    $"a change in {change.Bucket} was dropped: {change.Provider} has it for {_workload}, which does not run; `allot status` tells what does.");
            }
            catch (Exception error) when (error is FaultException or OperationCanceledException)
            {
                // The workload's log says what it failed at, and the count below that it did. Or it was stopped.
            }
            KeyValueMeter.CountChange(_workload, failed);
        }
    }
}
