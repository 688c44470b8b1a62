using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Lattice.Tests;

/// <summary>A record in memory whose appends wait until the test lets them through, or fail as it says.</summary>
sealed class HeldRecord : IRecord
{
    readonly List<RecordedEvent> _events = [];
    readonly SemaphoreSlim _gate = new(0);

    public List<int> Appends { get; } = [];

    public Fault? Failure { get; set; }

    public TaskCompletionSource Arrived { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Let(int appends = 1)
    {
        Arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate.Release(appends);
    }

    public async ValueTask<long> AppendAsync(
        string stream, long expectedRevision, IReadOnlyList<RecordEvent> events, CancellationToken cancellation = default)
    {
        Arrived.TrySetResult();
        await _gate.WaitAsync(cancellation);
        if (Failure is { } fault)
            throw new FaultException(fault);
        Assert.Equal(_events.Count, expectedRevision);
        Appends.Add(events.Count);
        foreach (var one in events)
            _events.Add(new RecordedEvent(stream, _events.Count + 1, default, one.Type, one.Data));
        return _events.Count;
    }

    public IAsyncEnumerable<RecordedEvent> ReadAsync(string stream, long afterRevision = 0, CancellationToken cancellation = default) =>
        _events.Skip((int)afterRevision).ToAsyncEnumerable();

    public ValueTask<long> WaitAsync(string stream, long afterRevision, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<RecordSnapshot?> ReadSnapshotAsync(string stream, CancellationToken cancellation = default) => ValueTask.FromResult<RecordSnapshot?>(null);

    public ValueTask SaveSnapshotAsync(string stream, RecordSnapshot snapshot, bool forget = false, CancellationToken cancellation = default) =>
        ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }
}
