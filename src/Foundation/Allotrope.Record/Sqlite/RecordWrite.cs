namespace Allotrope.Record;

/// <summary>Something that waits to be written. <see cref="Done"/> is completed by the writer after the commit.</summary>
abstract record RecordWrite(string Stream)
{
    /// <summary>The new head, or the fault. Continues elsewhere, so that a caller never runs on the writer's thread.</summary>
    public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Bytes to write.</summary>
    public abstract int Length { get; }

    public sealed record Append(string Stream, long ExpectedRevision, IReadOnlyList<RecordEvent> Events) : RecordWrite(Stream)
    {
        public override int Length { get; } = Events.Sum(one => one.Data.Length);
    }

    public sealed record Snapshot(string Stream, RecordSnapshot State, bool Forget) : RecordWrite(Stream)
    {
        public override int Length => State.Data.Length;
    }
}
