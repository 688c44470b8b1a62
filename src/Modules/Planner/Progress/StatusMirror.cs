using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Planner;

/// <summary>The planner's copy of bucket <see cref="Buckets.Status"/>. One reader at a time.</summary>
sealed class StatusMirror(IBucket bucket) : IAsyncDisposable
{
    readonly SortedDictionary<string, WorkloadStatus> _statuses = new(StringComparer.Ordinal);
    readonly HashSet<string> _present = [];
    Watch? _watch;

    /// <summary>By key.</summary>
    public IReadOnlyDictionary<string, WorkloadStatus> Statuses => _statuses;

    /// <summary>Completes when there is something to take in.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        _watch ??= await OpenAsync(cancellation);
        try
        {
            await _watch.Events.WaitToReadAsync(cancellation);
        }
        catch (FaultException error) when (error.Fault is Fault.Exhausted)
        {
            await LoseAsync();
        }
    }

    /// <summary>Takes in what there is, without waiting. A watch that was lost is opened again, and tells everything anew.</summary>
    public async Task TakeAsync()
    {
        try
        {
            while (_watch is not null && _watch.Events.TryRead(out var change))
                Take(change);
            if (_watch is { Events.Completion.IsCompleted: true })
                await LoseAsync();
        }
        catch (FaultException error) when (error.Fault is Fault.Exhausted)
        {
            await LoseAsync();
        }
    }

    public ValueTask DisposeAsync() => _watch?.DisposeAsync() ?? ValueTask.CompletedTask;

    void Take(WatchEvent change)
    {
        switch (change)
        {
            case WatchEvent.Put { Entry: var entry }:
                _present.Add(entry.Key);
                _statuses[entry.Key] = Read(entry);
                break;
            case WatchEvent.Removed { Key: var key }:
                _statuses.Remove(key);
                break;
            case WatchEvent.Current:
                // What a lost watch could not tell: these were removed meanwhile.
                foreach (var key in _statuses.Keys.Except(_present).ToList())
                    _statuses.Remove(key);
                break;
        }
    }

    static WorkloadStatus Read(BucketEntry entry)
    {
        try
        {
            return Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus);
        }
        catch (FaultException error)
        {
            var dot = entry.Key.IndexOf('.', StringComparison.Ordinal);
            var message = $"its module reports something unreadable: {error.Fault.Message}";
            return new(entry.Key[..Math.Max(dot, 0)], entry.Key[(dot + 1)..], "", long.MaxValue, WorkloadState.Failed, 0, message, []);
        }
    }

    async Task<Watch> OpenAsync(CancellationToken cancellation)
    {
        _present.Clear();
        return await bucket.WatchAsync(cancellation: cancellation);
    }

    async Task LoseAsync()
    {
        if (_watch is { } lost)
            await lost.DisposeAsync();
        _watch = null;
    }
}
