using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Conformance;

/// <summary>A record one of whose appends fails as a test says, and then works again.</summary>
public sealed class UnsureRecord(IRecord inner) : IRecord
{
    /// <summary>What an append says that fails.</summary>
    public static readonly Fault Failed = new Fault.Failed("The record could not say what became of it.");

    Func<Task>? _late;

    /// <summary>What becomes of the next append.</summary>
    public Fate Next { get; set; }

    /// <summary>Whether nothing can be read.</summary>
    public bool IsUnreadable { get; set; }

    public bool RefusesSnapshots { get; set; }

    public async ValueTask<long> AppendAsync(
        string stream, long expectedRevision, IReadOnlyList<RecordEvent> events, CancellationToken cancellation = default)
    {
        if (_late is { } late)
        {
            _late = null;
            await late();
        }
        var fate = Next;
        Next = Fate.IsWritten;
        if (fate == Fate.IsWrittenLate)
            _late = async () => await inner.AppendAsync(stream, expectedRevision, events, CancellationToken.None);
        else if (fate != Fate.Fails)
        {
            var head = await inner.AppendAsync(stream, expectedRevision, events, cancellation);
            if (fate == Fate.IsWritten)
                return head;
        }
        throw new FaultException(Failed);
    }

    public IAsyncEnumerable<RecordedEvent> ReadAsync(string stream, long afterRevision = 0, CancellationToken cancellation = default) =>
        IsUnreadable ? throw new FaultException(Failed) : inner.ReadAsync(stream, afterRevision, cancellation);

    public ValueTask<long> WaitAsync(string stream, long afterRevision, CancellationToken cancellation = default) =>
        inner.WaitAsync(stream, afterRevision, cancellation);

    public ValueTask<RecordSnapshot?> ReadSnapshotAsync(string stream, CancellationToken cancellation = default) =>
        inner.ReadSnapshotAsync(stream, cancellation);

    public ValueTask SaveSnapshotAsync(string stream, RecordSnapshot snapshot, bool forget = false, CancellationToken cancellation = default) =>
        RefusesSnapshots ? throw new FaultException(Failed) : inner.SaveSnapshotAsync(stream, snapshot, forget, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Of an append.</summary>
    public enum Fate
    {
        IsWritten,
        Fails,
        FailsWhenWritten,

        /// <summary>It fails, and is written just before the next one.</summary>
        IsWrittenLate,
    }
}
