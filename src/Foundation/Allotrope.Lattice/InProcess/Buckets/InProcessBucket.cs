using System.Runtime.CompilerServices;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Lattice;

/// <summary>A bucket in memory, with a journal when it is durable. Readers and watchers see a change when it is on disk, never before.</summary>
sealed class InProcessBucket : IBucket, IJournaled<BucketWrite, BucketVerdict, BucketChange>, IAsyncDisposable
{
    readonly TimeProvider _time;
    readonly BucketOptions _options;
    readonly Lock _lock = new();
    readonly BucketState _state;
    readonly BucketJudge _judge;
    readonly Journal<BucketWrite, BucketVerdict, BucketChange>? _journal;
    readonly List<Watcher> _watchers = [];
    readonly ITimer _expiry;
    DateTimeOffset? _expiryDue;
    bool _closed;

    /// <param name="state">What is there already; from here on only this bucket changes it.</param>
    public InProcessBucket(BucketOptions options, TimeProvider time, BucketState state, JournalStream<BucketChange>? stream)
    {
        (_options, _time, _state) = (options, time, state);
        _judge = new BucketJudge(options.Name, state);
        _expiry = time.CreateTimer(static bucket => ((InProcessBucket)bucket!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _journal = stream is null ? null : new(stream, this);
        lock (_lock)
            ScheduleExpiry();
    }

    public string Name => _options.Name;

    public ValueTask<BucketEntry?> GetAsync(string key, CancellationToken cancellation = default)
    {
        Subject.CheckKey(key);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IBucket));
            return ValueTask.FromResult(_state.Find(key) is { } held && held.IsAlive(_time.GetUtcNow()) ? held.Entry : null);
        }
    }

    public ValueTask<long> PutAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellation = default) =>
        PutAsync(key, value, expected: null, timeToLive, cancellation);

    public ValueTask<long> UpdateAsync(
        string key, ReadOnlyMemory<byte> value, long expectedRevision, TimeSpan? timeToLive = null, CancellationToken cancellation = default) =>
        PutAsync(key, value, expectedRevision, timeToLive, cancellation);

    public async ValueTask<BucketEntry?> ChangeAsync(string key, Func<BucketEntry?, BucketEdit> change, CancellationToken cancellation = default)
    {
        Subject.CheckKey(key);
        return (await WriteAsync(new BucketWrite.Change(key, change, EndOf(_options.TimeToLive)), cancellation)).Entry;
    }

    public async ValueTask<bool> DeleteAsync(string key, long? expectedRevision = null, CancellationToken cancellation = default)
    {
        Subject.CheckKey(key);
        return (await WriteAsync(new BucketWrite.Delete(key, expectedRevision), cancellation)).Change is not null;
    }

    public async IAsyncEnumerable<string> KeysAsync(string pattern = ">", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        Subject.CheckPattern(pattern);
        List<string> keys;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IBucket));
            keys = [.. Present(_state.KeysAfter(null)).Where(key => Subject.Matches(pattern, key))];
        }
        foreach (var key in keys)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return key;
        }
    }

    public ValueTask<IReadOnlyList<string>> KeysAfterAsync(string? after, int most, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IBucket));
            return ValueTask.FromResult<IReadOnlyList<string>>([.. Present(_state.KeysAfter(after)).Take(most)]);
        }
    }

    public ValueTask<Watch> WatchAsync(string pattern = ">", CancellationToken cancellation = default) =>
        BeginWatchAsync(pattern, () => Present(pattern).OrderBy(entry => entry.Revision));

    public ValueTask<Watch> WatchChangesAsync(string pattern = ">", CancellationToken cancellation = default) => BeginWatchAsync(pattern, () => []);

    /// <summary>Writes what was accepted, then ends the watches.</summary>
    public async ValueTask DisposeAsync()
    {
        await _expiry.DisposeAsync();
        if (_journal is not null)
            await _journal.DisposeAsync();
        lock (_lock)
        {
            _closed = true;
            foreach (var watcher in _watchers)
                watcher.Close();
        }
    }

    List<BucketVerdict> IJournaled<BucketWrite, BucketVerdict, BucketChange>.Decide(List<BucketWrite> writes, List<BucketChange> changes)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _judge.Clear(); // what an append that failed has left
            var verdicts = writes.ConvertAll(write => _judge.Decide(write, now));
            changes.AddRange(verdicts.Select(verdict => verdict.Change).OfType<BucketChange>());
            return verdicts;
        }
    }

    void IJournaled<BucketWrite, BucketVerdict, BucketChange>.Apply(List<BucketChange> changes)
    {
        lock (_lock)
        {
            _judge.Clear();
            foreach (var change in changes)
                Apply(change);
            ScheduleExpiry();
        }
    }

    byte[] IJournaled<BucketWrite, BucketVerdict, BucketChange>.Copy()
    {
        List<HeldValue> all;
        lock (_lock)
            all = [.. _state.All];
        return BucketCodec.WriteSnapshot(all);
    }

    async ValueTask<long> PutAsync(string key, ReadOnlyMemory<byte> value, long? expected, TimeSpan? timeToLive, CancellationToken cancellation)
    {
        Subject.CheckKey(key);
        if (timeToLive <= TimeSpan.Zero)
            throw new FaultException(new Fault.Invalid(
                key, $"Key {key} of bucket {Name} was given {timeToLive} to live: give it more than zero, or nothing to live for ever."));
        var write = new BucketWrite.Put(key, value, expected, EndOf(timeToLive ?? _options.TimeToLive));
        return (await WriteAsync(write, cancellation)).Entry!.Revision;
    }

    DateTimeOffset? EndOf(TimeSpan? life) => _time.GetUtcNow() is var now && life < DateTimeOffset.MaxValue - now ? now + life : null;

    async ValueTask<BucketVerdict> WriteAsync(BucketWrite write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var verdict = _journal is null ? WriteInMemory(write) : await _journal.WriteAsync(write, cancellation);
        return verdict.Fault is { } fault ? throw new FaultException(fault) : verdict;
    }

    BucketVerdict WriteInMemory(BucketWrite write)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IBucket));
            var verdict = _judge.Decide(write, _time.GetUtcNow());
            _judge.Clear();
            if (verdict.Change is { } change)
                Apply(change);
            ScheduleExpiry();
            return verdict;
        }
    }

    void Apply(in BucketChange change)
    {
        _state.Apply(change);
        if (_watchers.Count == 0)
            return;
        WatchEvent told = change.Held is { } held
            ? new WatchEvent.Put(held.Entry)
            : new WatchEvent.Removed(change.Key, change.Revision);
        foreach (var watcher in _watchers)
            watcher.Tell(change.Key, told);
    }

    IEnumerable<BucketEntry> Present(string pattern)
    {
        var now = _time.GetUtcNow();
        foreach (var held in _state.All)
            if (held.IsAlive(now) && Subject.Matches(pattern, held.Entry.Key))
                yield return held.Entry;
    }

    IEnumerable<string> Present(IEnumerable<string> keys)
    {
        var now = _time.GetUtcNow();
        return keys.Where(key => _state.Find(key)!.IsAlive(now));
    }

    ValueTask<Watch> BeginWatchAsync(string pattern, Func<IEnumerable<BucketEntry>> present)
    {
        Subject.CheckPattern(pattern);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IBucket));
            var watcher = new Watcher(Name, pattern, present());
            _watchers.Add(watcher);
            return ValueTask.FromResult(new Watch(watcher, () => UnwatchAsync(watcher)));
        }
    }

    ValueTask UnwatchAsync(Watcher watcher)
    {
        lock (_lock)
            _watchers.Remove(watcher);
        watcher.Close();
        return ValueTask.CompletedTask;
    }

    void ScheduleExpiry()
    {
        if (_state.NextExpiry == _expiryDue)
            return;
        _expiryDue = _state.NextExpiry;
        var wait = _expiryDue - _time.GetUtcNow();
        _expiry.Change(wait switch
        {
            null => Timeout.InfiniteTimeSpan,
            { } soon when soon < TimeSpan.Zero => TimeSpan.Zero,
            { } late when late > LongestWait => LongestWait,
            { } later => later,
        }, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What a timer can be set to; after it, the rest is waited for.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    /// <summary>Until expiry is tried again when more writes wait for the disk than may, or the disk did not take it.</summary>
    static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(1);

    void ExpireAgain((string Key, long Revision) expired)
    {
        lock (_lock)
        {
            _state.ExpireLater(expired, _time.GetUtcNow() + BusyWait);
            ScheduleExpiry();
        }
    }

    void Expire()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            var now = _time.GetUtcNow();
            while (_state.TryTakeExpired(now, out var expired))
            {
                var write = new BucketWrite.Expire(expired.Key, expired.Revision);
                if (_journal is not null && !_journal.TryPost(write, () => ExpireAgain(expired)))
                {
                    _state.ExpireLater(expired, now + BusyWait);
                    break;
                }
                if (_journal is null && _judge.Decide(write, now).Change is { } change)
                {
                    _judge.Clear();
                    Apply(change);
                }
            }
            _expiryDue = null;
            ScheduleExpiry();
        }
    }
}
