namespace Allotrope.Artery.Client;

/// <summary>Calls the handlers, off the link's reading loop: concurrently, or one after the other for a name whose handlers are ordered.</summary>
sealed class Deliveries(Action<ReceivedIntent, string> fault)
{
    /// <summary>Calls that run or wait at most; beyond it an intent is told as not processed.</summary>
    public const int Limit = 10_000;

    readonly Lock _gate = new();
    readonly Dictionary<string, Task> _tails = [];
    readonly HashSet<Task> _running = [];
    Listener[] _listeners = [];

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
                if (_running.Count >= Limit)
                    tooMany = true;
                else if (listener.Ordered || Ordered.Any(pattern => IntentName.Matches(pattern, intent.Name)))
                    Track(_tails[intent.Name] = RunAsync(_tails.GetValueOrDefault(intent.Name), listener, intent));
                else
                    Track(RunAsync(null, listener, intent));
            }
        }

        if (tooMany)
            fault(intent, $"{Limit} calls of handlers run or wait already: they are too slow.");
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
    void Track(Task task)
    {
        _running.Add(task);
        task.GetAwaiter().OnCompleted(() =>
        {
            lock (_gate)
            {
                _running.Remove(task);
                foreach (var (name, tail) in _tails)
                {
                    if (tail != task)
                        continue;
                    _tails.Remove(name);
                    break;
                }
            }
        });
    }

    void Remove(Listener listener)
    {
        lock (_gate)
            _listeners = [.. _listeners.Where(one => one != listener)];
    }
}
