using Microsoft.Data.Sqlite;

namespace Allotrope.Record;

/// <summary>The head of every stream as committed, and who waits for it to move.</summary>
sealed class StreamHeads
{
    readonly Dictionary<string, StreamHead> _heads = [];
    readonly Lock _lock = new();
    bool _closed;

    public void Load(SqliteConnection connection)
    {
        using var command = connection.Prepare("select id, name, head from stream");
        using var rows = command.ExecuteReader();
        lock (_lock)
            while (rows.Read())
                _heads[rows.GetString(1)] = new StreamHead(rows.GetInt64(0), rows.GetInt64(2));
    }

    /// <summary>The stream's database id and head; both 0 for a stream without events.</summary>
    public (long Id, long Head) this[string stream]
    {
        get
        {
            lock (_lock)
                return _heads.TryGetValue(stream, out var head) ? (head.Id, head.Head) : default;
        }
    }

    /// <summary>Makes a committed head known and wakes those who wait for it.</summary>
    public void Advance(string stream, long id, long revision)
    {
        TaskCompletionSource? moved;
        lock (_lock)
        {
            if (!_heads.TryGetValue(stream, out var head))
                _heads[stream] = head = new StreamHead(id, 0);
            (head.Id, head.Head) = (id, revision);
            (moved, head.Moved) = (head.Moved, null);
        }
        moved?.TrySetResult();
    }

    public async ValueTask<long> WaitAsync(string stream, long afterRevision, CancellationToken cancellation)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_closed, typeof(IRecord));
                if (!_heads.TryGetValue(stream, out var head))
                    _heads[stream] = head = new StreamHead(0, 0);
                if (head.Head > afterRevision)
                    return head.Head;
                head.Moved ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                moved = head.Moved.Task;
            }
            await moved.WaitAsync(cancellation);
        }
    }

    /// <summary>Ends every wait with <see cref="ObjectDisposedException"/>.</summary>
    public void Close()
    {
        List<TaskCompletionSource> waiting = [];
        lock (_lock)
        {
            _closed = true;
            foreach (var head in _heads.Values)
                if (head.Moved is { } moved)
                    waiting.Add(moved);
        }
        foreach (var moved in waiting)
            moved.TrySetException(new ObjectDisposedException(nameof(IRecord)));
    }

    sealed class StreamHead(long id, long head)
    {
        public long Id = id;
        public long Head = head;
        public TaskCompletionSource? Moved;
    }
}
