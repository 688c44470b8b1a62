namespace Allotrope.Record;

/// <summary>
/// The memory of a lattice: named streams of events, each appended at an expected revision and never changed. An append that returned is on
/// disk. Every implementation passes the kit in <c>tests/Conformance</c>.
/// </summary>
public interface IRecord : IAsyncDisposable
{
    /// <summary>
    /// Appends all of <paramref name="events"/> or none, and returns the stream's new head revision. The first event of a stream has revision 1.
    /// </summary>
    /// <param name="expectedRevision">The head the caller has seen, 0 for a new stream; <see cref="AnyRevision"/> not to check.</param>
    /// <exception cref="Kernel.FaultException"><see cref="Kernel.Fault.Conflict"/> when the head is another one.</exception>
    ValueTask<long> AppendAsync(string stream, long expectedRevision, IReadOnlyList<RecordEvent> events, CancellationToken cancellation = default);

    /// <summary>The events after <paramref name="afterRevision"/> in order, up to the head at the time of the call.</summary>
    IAsyncEnumerable<RecordedEvent> ReadAsync(string stream, long afterRevision = 0, CancellationToken cancellation = default);

    /// <summary>Completes with the head once it is beyond <paramref name="afterRevision"/>, at once if it already is.</summary>
    ValueTask<long> WaitAsync(string stream, long afterRevision, CancellationToken cancellation = default);

    /// <summary>The newest snapshot of the stream, or <see langword="null"/>.</summary>
    ValueTask<RecordSnapshot?> ReadSnapshotAsync(string stream, CancellationToken cancellation = default);

    /// <summary>
    /// Keeps <paramref name="snapshot"/> as the stream's state at its revision. With <paramref name="forget"/>, the events it covers are deleted:
    /// for streams whose history has no worth of its own, such as buckets; never for the ledger.
    /// </summary>
    ValueTask SaveSnapshotAsync(string stream, RecordSnapshot snapshot, bool forget = false, CancellationToken cancellation = default);

    const long AnyRevision = -1;
}

/// <param name="Type">What happened, in a word or two: <c>blueprint.put</c>.</param>
public sealed record RecordEvent(string Type, ReadOnlyMemory<byte> Data);

/// <param name="Revision">Position in the stream, from 1.</param>
/// <param name="Time">When the record accepted it.</param>
public sealed record RecordedEvent(string Stream, long Revision, DateTimeOffset Time, string Type, ReadOnlyMemory<byte> Data);

public sealed record RecordSnapshot(long Revision, ReadOnlyMemory<byte> Data);
