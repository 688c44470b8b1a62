using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// Records the calls of one instance whose blueprint says <c>record: traps</c>. Every call is recorded, since nobody knows beforehand which will trap, and
/// nearly all records are dropped. What cannot be recorded is said in the actor's log; the call goes on.
/// </summary>
sealed class CallRecording(ActorRevision revision, CallRecordFolder folder)
{
    /// <summary>Notes of a record.</summary>
    internal const string ActorNote = "actor", OperationNote = "operation", TimeNote = "time";

    public Recorder Recorder { get; } = new(ActorLimits.RecordBytes);

    public void Begin()
    {
        try
        {
            Recorder.Begin();
        }
        catch (Exception refusal) when (refusal is SnapshotException or RecordException)
        {
            Say($"its calls are not recorded: {refusal.Message}");
        }
    }

    public void Discard() => Recorder.Discard();

    /// <summary>Keeps what was recorded last. The guest is not running any more.</summary>
    /// <returns>The file's path; null when there is none, which is said in the log where it is not by design.</returns>
    public string? Keep(string operation)
    {
        var workload = revision.Assignment.Workload;
        if (!Recorder.IsRecording || !folder.Admits(workload))
            return null;
        try
        {
            return folder.Keep(workload, time => Recorder.End().With(new(ActorNote, workload), new(OperationNote, operation), new(TimeNote, $"{time:O}")));
        }
        catch (Exception failure) when (failure is SnapshotException or RecordException or IOException or UnauthorizedAccessException)
        {
            Say($"{operation} left no record: {failure.Message}");
            return null;
        }
    }

    void Say(string text)
    {
        if (revision.Log.Admit())
            revision.Log.Write("warn", text);
    }
}
