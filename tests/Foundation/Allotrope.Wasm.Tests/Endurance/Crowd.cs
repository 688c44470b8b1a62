using System.Collections.Concurrent;
using System.Diagnostics;

namespace Allotrope.Wasm.Tests.Endurance;

/// <summary>
/// Many guests on a few threads. Each thread takes one guest after the other and lets it run for a slice; a watch interrupts guests whose slice is over,
/// and tries to dispose the stores of some that run, which is refused. Guests are now and then replaced, their stores disposed or forgotten.
/// </summary>
sealed class Crowd : IDisposable
{
    /// <summary>Every so many guests one answers a question and is never interrupted.</summary>
    const int GoodEvery = 10;

    static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);
    static readonly StoreLimits Limits = new() { MemoryPages = 16, TableElements = 2_000, StackBytes = 128 << 10, HeapBytes = 256 << 10, Threads = true };

    readonly Guest[] _guests;
    readonly Turn[] _turns = [.. Enumerable.Range(0, Environment.ProcessorCount * 4).Select(_ => new Turn())];
    readonly ConcurrentQueue<string> _wrongs = [];
    readonly ConcurrentDictionary<string, int> _ends = [];
    int _next;
    volatile bool _over;

    public Crowd(int guests) => _guests = [.. Enumerable.Range(0, guests).Select(number => new Guest(number))];

    public int Answers { get; private set; }

    public IReadOnlyCollection<string> Wrongs => _wrongs;

    public string Ends => string.Join(", ", _ends.OrderBy(end => end.Key).Select(end => $"{end.Key} {end.Value}"));

    public void Run(TimeSpan time)
    {
        _over = false;
        var threads = _turns.Select(turn => new Thread(() => Work(turn), 1 << 20) { IsBackground = true }).ToList();
        var watch = new Thread(Watch) { IsBackground = true };
        threads.ForEach(thread => thread.Start());
        watch.Start();
        using (var end = new ManualResetEventSlim())
            end.Wait(time);
        _over = true;
        threads.ForEach(thread => thread.Join());
        watch.Join();
        Answers = _guests.Sum(guest => guest.Answers);
    }

    public void Dispose()
    {
        foreach (var guest in _guests) guest.Store?.Dispose();
    }

    void Work(Turn turn)
    {
        var random = new Random(Array.IndexOf(_turns, turn));
        while (!_over)
        {
            var guest = _guests[(uint)Interlocked.Increment(ref _next) % _guests.Length];
            if (!Monitor.TryEnter(guest)) continue;
            try
            {
                if (guest.IsGood) Ask(guest);
                else Suffer(guest, turn, random);
            }
            finally
            {
                Monitor.Exit(guest);
            }
        }
    }

    void Ask(Guest guest)
    {
        try
        {
            var (module, answer) = HostileGuests.Good[guest.Kind % HostileGuests.Good.Count];
            guest.Store ??= new Store(Limits);
            guest.Instance ??= new Linker().Instantiate(guest.Store, module);
            var given = guest.Instance.GetFunction<Func<int>>("run")();
            if (given == answer) guest.Answers++;
            else _wrongs.Enqueue($"guest {guest.Kind} answered {given} instead of {answer}");
        }
        catch (Exception e)
        {
            _wrongs.Enqueue($"a good guest failed: {e}");
        }
    }

    void Suffer(Guest guest, Turn turn, Random random)
    {
        var (name, module) = HostileGuests.Hostile[guest.Kind % HostileGuests.Hostile.Count];
        if (random.Next(8) == 0) guest.Replace(random.Next(2) == 0);
        var store = guest.Store ??= new Store(Limits);
        var end = "returned";
        try
        {
            store.ResetInterrupt();
            turn.Begin(store);
            guest.Instance ??= new Linker().Instantiate(store, module);
            guest.Instance.GetFunction<Action>("run")();
        }
        catch (Exception e) when (e is Trap or GuestException or ObjectDisposedException)
        {
            end = e is Trap trap ? trap.Kind.ToString() : e.GetType().Name;
        }
        catch (Exception e)
        {
            _wrongs.Enqueue($"{name}: {e}");
        }
        finally
        {
            if (turn.End()) guest.Forget();
        }
        _ends.AddOrUpdate(end, 1, (_, count) => count + 1);
    }

    void Watch()
    {
        for (var round = 0; ; round++)
        {
            var running = 0;
            foreach (var turn in _turns) running += turn.Check(Slice, tryToDispose: round % 50 == 0) ? 1 : 0;
            if (_over && running == 0 && _turns.All(turn => turn.IsIdle)) return;
            Thread.Sleep(1);
        }
    }

    sealed class Guest(int number)
    {
        public int Kind { get; } = number / GoodEvery + number;

        public bool IsGood { get; } = number % GoodEvery == 0;

        public Store? Store { get; set; }

        public Instance? Instance { get; set; }

        public int Answers { get; set; }

        /// <summary>Begins anew the next time.</summary>
        public void Replace(bool dispose)
        {
            if (dispose) Store?.Dispose();
            Forget();
        }

        public void Forget() => (Store, Instance) = (null, null);
    }

    /// <summary>What a thread is busy with.</summary>
    sealed class Turn
    {
        readonly Lock _gate = new();
        Store? _store;
        long _began;
        bool _disposed;

        public bool IsIdle
        {
            get
            {
                lock (_gate) return _store is null;
            }
        }

        public void Begin(Store store)
        {
            lock (_gate) (_store, _began, _disposed) = (store, Stopwatch.GetTimestamp(), false);
        }

        /// <returns>Whether the store was disposed meanwhile.</returns>
        public bool End()
        {
            lock (_gate)
            {
                _store = null;
                return _disposed;
            }
        }

        /// <summary>Interrupts the guest when its time is over; true when there is one.</summary>
        public bool Check(TimeSpan slice, bool tryToDispose)
        {
            lock (_gate)
            {
                if (_store is null) return false;
                if (tryToDispose)
                {
                    try
                    {
                        _store.Dispose();
                        _disposed = true; // it was between two calls
                    }
                    catch (InvalidOperationException)
                    {
                        // A guest runs in it.
                    }
                }
                if (Stopwatch.GetElapsedTime(_began) > slice) _store.Interrupt();
                return true;
            }
        }
    }
}
