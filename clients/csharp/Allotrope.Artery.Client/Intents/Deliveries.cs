namespace Allotrope.Artery.Client;

/// <summary>Calls the handlers, off the link's reading loop: concurrently, or one after the other for a name whose handlers are ordered.</summary>
sealed class Deliveries(Action<ReceivedIntent, string> fault)
{
    /// <summary>Calls that run or wait at most; beyond it an intent is told as not processed.</summary>
    public const int Limit = 10_000;

    /// <summary>Bytes of data that running and waiting calls hold at most.</summary>
    public const int LimitBytes = 64 * 1024 * 1024;

    readonly Lock _gate = new();
    readonly Dictionary<string, Task> _tails = [];
    readonly HashSet<Task> _running = [];
    Listener[] _listeners = [];
    long _bytes;

    /// <summary>Patterns that the zone wants ordered.</summary>
    public IReadOnlyList<string> Ordered { get; set; } = [];

    public Listener Add(string pattern, bool ordered, Func<ReceivedIntent, Task> handler)
    {
        var listener = new Listener(pattern, ordered, handler, Remove);
        lock (_gate)
            _listeners = [.. _listeners, listener];
        return listener;
    }

    public bool Wants(string name) => Array.Exists(Volatile.Read(ref _listeners), listener => IntentName.Matches(listener.Pattern, name));

    public void Deliver(ReceivedIntent intent)
    {
        var tooMany = false;
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                if (!IntentName.Matches(listener.Pattern, intent.Name))
                    continue;
                if (_running.Count >= Limit || _bytes + intent.Data.Cbor.Length > LimitBytes)
                    tooMany = true;
                else if (listener.Ordered || Ordered.Any(pattern => IntentName.Matches(pattern, intent.Name)))
                    Track(_tails[intent.Name] = RunAsync(_tails.GetValueOrDefault(intent.Name), listener, intent), intent);
                else
                    Track(RunAsync(null, listener, intent), intent);
            }
        }

        if (tooMany)
            fault(intent, "Too many calls of handlers run or wait already: they are too slow.");
    }

    /// <summary>Ends when all handlers that were called have.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
            return Task.WhenAll(_running);
    }

    async Task RunAsync(Task? before, Listener listener, ReceivedIntent intent)
    {
        // Always leaves the reading loop: a handler that computes must not hold heartbeats up
        await Task.Yield();
        if (before is not null)
            await before;
        try
        {
            await listener.Handler(intent);
        }
        catch (Exception thrown)
        {
            fault(intent, thrown.Message);
        }
    }

    // Under the lock, so that an end that comes at once is seen after the beginning
    void Track(Task task, ReceivedIntent intent)
    {
        _running.Add(task);
        _bytes += intent.Data.Cbor.Length;
        task.GetAwaiter().OnCompleted(() =>
        {
            lock (_gate)
            {
                _running.Remove(task);
                _bytes -= intent.Data.Cbor.Length;
                if (_tails.GetValueOrDefault(intent.Name) == task)
                    _tails.Remove(intent.Name);
            }
        });
    }

    void Remove(Listener listener)
    {
        lock (_gate)
            _listeners = [.. _listeners.Where(one => one != listener)];
    }
}
