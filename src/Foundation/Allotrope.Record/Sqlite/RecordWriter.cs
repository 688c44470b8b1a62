using System.Threading.Channels;
using Allotrope.Kernel;
using Microsoft.Data.Sqlite;

namespace Allotrope.Record;

/// <summary>
/// The one loop that writes. What waits is written in one transaction, so that a hundred concurrent appends cost one flush of the disk
/// (group commit); each still has its own verdict. It has a thread of its own because a flush blocks for milliseconds.
/// </summary>
sealed class RecordWriter : IAsyncDisposable
{
    readonly RecordFile _file;
    readonly SqliteConnection _connection;
    readonly StreamHeads _heads;
    readonly TimeProvider _time;
    readonly Channel<RecordWrite> _waiting = Channel.CreateBounded<RecordWrite>(
        new BoundedChannelOptions(RecordLimits.WaitingAppends) { SingleReader = true });
    readonly object _bell = new(); // a channel cannot be waited for by a thread without blocking on a task
    readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    FaultException? _broken;

    public RecordWriter(RecordFile file, SqliteConnection connection, StreamHeads heads, TimeProvider time)
    {
        (_file, _connection, _heads, _time) = (file, connection, heads, time);
        new Thread(Run) { Name = "record writer", IsBackground = true }.Start();
    }

    /// <summary>Waits for room, then for the disk. Once there was room the write is no longer cancelled, so that its outcome is always known.</summary>
    public async ValueTask<long> WriteAsync(RecordWrite write, CancellationToken cancellation)
    {
        try
        {
            await _waiting.Writer.WriteAsync(write, cancellation);
        }
        catch (ChannelClosedException error)
        {
            throw new ObjectDisposedException("The record is closed.", error);
        }
        Ring();
        return await write.Done.Task;
    }

    /// <summary>Writes what waits, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        Ring();
        await _stopped.Task;
        await _connection.DisposeAsync();
    }

    void Ring()
    {
        lock (_bell)
            Monitor.Pulse(_bell);
    }

    /// <summary>Blocks the writer's thread until something waits; false when there will be no more.</summary>
    bool WaitForWork()
    {
        lock (_bell)
            while (!_waiting.Reader.TryPeek(out _))
            {
                if (_waiting.Reader.Completion.IsCompleted)
                    return false;
                Monitor.Wait(_bell);
            }
        return true;
    }

    void Run()
    {
        List<RecordWrite> group = [];
        while (WaitForWork())
        {
            for (var length = 0;
                group.Count < RecordLimits.AppendsPerGroup && length < RecordLimits.BytesPerGroup && _waiting.Reader.TryRead(out var next);
                length += next.Length)
                group.Add(next);
            Write(group);
            group.Clear();
        }
        _stopped.SetResult();
    }

    void Write(List<RecordWrite> group)
    {
        try
        {
            if (_broken is { } broken)
                throw broken;
            using var transaction = new RecordTransaction(_connection, _heads, _time);
            var verdicts = group.ConvertAll(transaction.Apply);
            transaction.Commit();
            RecordMeter.GroupSize.Record(group.Count);
            foreach (var (write, verdict) in group.Zip(verdicts))
                if (verdict.Fault is { } fault)
                    write.Done.SetException(new FaultException(fault));
                else
                    write.Done.SetResult(verdict.Head);
        }
        catch (Exception error)
        {
            var fault = error as FaultException ?? (SqliteFault.Covers(error)
                ? SqliteFault.Of(error, _file.Path)
                : new FaultException(new Fault.Failed($"The record {Path.GetFileName(_file.Path)} could not be written ({error.Message}): start the node again."), error));
            // Only a full disk leaves a state that is known for certain; after any other failure nothing more is written until a restart.
            if (fault.Fault is not Fault.Exhausted)
                _broken ??= fault;
            foreach (var write in group)
                write.Done.TrySetException(new FaultException(fault.Fault, error));
        }
    }
}
