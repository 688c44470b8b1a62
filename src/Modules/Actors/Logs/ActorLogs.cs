using System.Collections.Concurrent;
using System.Threading.Channels;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>
/// What the node's actors log: kept in a bounded ring each, served at <see cref="Subjects.LogsRead"/>, published line by line on
/// <see cref="Subjects.Log"/>.
/// </summary>
sealed class ActorLogs : IAsyncDisposable
{
    /// <summary>Lines that wait to be published; a bus that is slower loses the oldest, which the ring still has.</summary>
    const int Unpublished = 4096;

    readonly ConcurrentDictionary<string, LogRing> _rings = new();
    readonly Channel<LogLine> _publishing = Channel.CreateBounded<LogLine>(
        new BoundedChannelOptions(Unpublished) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    readonly TimeProvider _time;
    readonly ILattice _lattice;
    readonly Task _publisher;
    readonly List<IAsyncDisposable> _served = [];

    ActorLogs(ILattice lattice, TimeProvider time)
    {
        (_lattice, _time) = (lattice, time);
        _publisher = PublishAsync();
    }

    public static async ValueTask<ActorLogs> StartAsync(ILattice lattice, TimeProvider time, CancellationToken cancellation)
    {
        var logs = new ActorLogs(lattice, time);
        logs._served.Add(await lattice.ServeAsync(Subjects.LogsRead, logs.ReadAsync, cancellation: cancellation));
        logs._served.Add(await lattice.ServeAsync(Subjects.LogsWrite, logs.WriteAsync, cancellation: cancellation));
        return logs;
    }

    /// <summary>The ring of <paramref name="workload"/>, made when new.</summary>
    public LogRing Of(string workload) =>
        _rings.GetOrAdd(workload, static (name, logs) => new LogRing(name, logs._time, line => logs._publishing.Writer.TryWrite(line)), this);

    /// <summary>Forgets what a workload that is gone has logged.</summary>
    public void Forget(string workload) => _rings.TryRemove(workload, out _);

    public async ValueTask DisposeAsync()
    {
        foreach (var served in _served)
            await served.DisposeAsync();
        _publishing.Writer.Complete();
        await _publisher;
    }

    ValueTask<Message> ReadAsync(Message request, CancellationToken cancellation)
    {
        var query = request.Payload.As(ContractsJson.Default.LogQuery);
        var count = Math.Clamp(query.Lines, 0, LogRing.Capacity);
        IEnumerable<LogLine> lines = query.Workload is { } workload
            ? _rings.TryGetValue(workload, out var ring) ? ring.Newest(count) : []
            : _rings.Values.SelectMany(ring => ring.Newest(count)).OrderBy(line => line.Time).TakeLast(count);
        return ValueTask.FromResult(new Message("", Payload.Of(new LogPage([.. lines]), ContractsJson.Default.LogPage)));
    }

    ValueTask<Message> WriteAsync(Message said, CancellationToken cancellation)
    {
        var line = said.Payload.As(ContractsJson.Default.LogLine);
        if (Of(line.Workload) is var ring && ring.Admit())
            ring.Write(line.Level, line.Text.Length <= ActorLimits.TextBytes ? line.Text : line.Text[..ActorLimits.TextBytes]); // it may quote what guests say
        return ValueTask.FromResult(new Message("", default));
    }

    async Task PublishAsync()
    {
        await foreach (var line in _publishing.Reader.ReadAllAsync())
        {
            try
            {
                await _lattice.PublishAsync(new Message(Subjects.Log(line.Workload), Payload.Of(line, ContractsJson.Default.LogLine)));
            }
            catch (FaultException)
            {
                // A bus that is away for a moment must not end the log: the ring keeps the line for those who ask.
            }
        }
    }
}
