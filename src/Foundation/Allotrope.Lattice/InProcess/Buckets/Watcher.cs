using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>
/// What a watcher has not read yet, at most one event a key. A newer change takes the place of an unread older one and moves to the end, so
/// that a watcher sees changes in the order of their revisions however slow it is; only what was there when the watch began keeps its place
/// before <see cref="WatchEvent.Current"/>.
/// </summary>
sealed class Watcher : ChannelReader<WatchEvent>
{
    readonly Lock _lock = new();
    readonly LinkedList<Unread> _unread = [];
    readonly Dictionary<string, LinkedListNode<Unread>> _byKey = [];
    readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly string _bucket;
    readonly string _pattern;
    TaskCompletionSource<bool>? _waiting;
    Exception? _error;
    int _unreadAtFirst; // of what was there when the watch began: however much that is, it is no backlog
    bool _closed;

    /// <param name="present">What is there now, in the order it shall be told.</param>
    public Watcher(string bucket, string pattern, IEnumerable<BucketEntry> present)
    {
        (_bucket, _pattern) = (bucket, pattern);
        foreach (var entry in present)
            _byKey[entry.Key] = _unread.AddLast(new Unread(entry.Key, new WatchEvent.Put(entry), IsInitial: true));
        _unreadAtFirst = _byKey.Count;
        _unread.AddLast(new Unread("", new WatchEvent.Current(), IsInitial: true));
    }

    public override Task Completion => _completion.Task;

    /// <summary>Called by the bucket with every change, in order.</summary>
    public void Tell(string key, WatchEvent change)
    {
        if (!Subject.Matches(_pattern, key))
            return;
        TaskCompletionSource<bool>? waiting;
        lock (_lock)
        {
            if (_closed)
                return;
            if (_byKey.TryGetValue(key, out var node) && node.Value.IsInitial)
                node.Value = node.Value with { Event = change };
            else if (node is not null)
            {
                node.Value = node.Value with { Event = change };
                _unread.Remove(node);
                _unread.AddLast(node);
            }
            else if (_byKey.Count - _unreadAtFirst < LatticeLimits.WatchBacklog)
                _byKey[key] = _unread.AddLast(new Unread(key, change, IsInitial: false));
            else
                GiveUp();
            (waiting, _waiting) = (_waiting, null);
        }
        waiting?.TrySetResult(true);
    }

    /// <summary>No more will be told; what was told can still be read.</summary>
    public void Close()
    {
        TaskCompletionSource<bool>? waiting;
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            (waiting, _waiting) = (_waiting, null);
            if (_unread.Count == 0)
                _completion.TrySetResult();
        }
        waiting?.TrySetResult(false);
    }

    public override bool TryRead([MaybeNullWhen(false)] out WatchEvent item)
    {
        lock (_lock)
        {
            if (_unread.First is not { } first)
            {
                item = null;
                return false;
            }
            _unread.RemoveFirst();
            if (_byKey.Remove(first.Value.Key) && first.Value.IsInitial)
                _unreadAtFirst--;
            if (_closed && _unread.Count == 0)
                Complete();
            item = first.Value.Event;
            return true;
        }
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        Task<bool> waiting;
        lock (_lock)
        {
            if (_unread.Count > 0)
                return ValueTask.FromResult(true);
            if (_closed)
                return _error is null ? ValueTask.FromResult(false) : ValueTask.FromException<bool>(_error);
            _waiting ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting = _waiting.Task;
        }
        return new ValueTask<bool>(waiting.WaitAsync(cancellationToken));
    }

    void GiveUp()
    {
        _error = new FaultException(new Fault.Exhausted(
            $"A watch of {_pattern} in bucket {_bucket} fell {LatticeLimits.WatchBacklog} keys behind and was given up: open it again and read faster."));
        _closed = true;
        _unread.Clear();
        _byKey.Clear();
        Complete();
    }

    void Complete()
    {
        if (_error is null)
            _completion.TrySetResult();
        else
            _completion.TrySetException(_error);
    }

    readonly record struct Unread(string Key, WatchEvent Event, bool IsInitial);
}
