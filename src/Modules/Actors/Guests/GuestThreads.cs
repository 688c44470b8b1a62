namespace Allotrope.Actors;

/// <summary>
/// The threads that guests run on, apart from the thread pool so that no guest can hold up the rest of the node. They come and go with the
/// work, up to <see cref="ActorLimits.Threads"/>.
/// </summary>
/// <remarks>
/// <code>
///            ┌ prompt lane ─ priority of the process ─┐   10 ms of processor time   ┌ slow lane ─ lowered ─┐
///  Start ───►│ twice as many threads as processors    │ ──────────────────────────► │ the rest of the call │
///            └────────────────────────────────────────┘   (a fresh thread takes     └──────────────────────┘
///                                                          the place that it left)   8 times as many start here,
///                                                                                    an eighth for one workload
/// </code>
/// A thread cannot have its priority raised again, so it stays in the slow lane for later work of that lane.
/// </remarks>
sealed class GuestThreads : IAsyncDisposable
{
    /// <summary>A tenth of the processor against one prompt thread that wants it too, and all of it when none does.</summary>
    const int SlowNice = 10;

    public static readonly int PromptThreads = 2 * Environment.ProcessorCount;

    /// <summary>Enough that seven workloads that compute until their time is over leave room for the next. More would only make all of them late.</summary>
    public static readonly int SlowThreads = Math.Min(8 * PromptThreads, ActorLimits.Threads / 2);

    /// <summary>How many of them run guests of one workload: no more than the prompt lane has.</summary>
    public static readonly int SlowShare = PromptThreads;

    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _count = 1; // one for this object itself, so that the count reaches zero once, after disposal

    public GuestThreads(GuestMonitor monitor)
    {
        Monitor = monitor;
        Borrowed = new BorrowedThreads(monitor);
        Prompt = new GuestLane(this, PromptThreads, ofOne: PromptThreads, nice: 0);
        Slow = new GuestLane(this, SlowThreads, ofOne: SlowShare, SlowNice);
        monitor.Add(Prompt);
        monitor.Add(Slow);
    }

    public GuestMonitor Monitor { get; }

    public GuestLane Prompt { get; }

    /// <summary>For calls that have run long, and for actors known for it.</summary>
    public GuestLane Slow { get; }

    /// <summary>Threads of others that a guest runs on.</summary>
    public BorrowedThreads Borrowed { get; }

    /// <summary>Threads alive.</summary>
    public int Count => Math.Max(0, Volatile.Read(ref _count) - 1);

    /// <summary>Counts a thread about to be made; false when there are too many.</summary>
    public bool TryAdd()
    {
        if (Interlocked.Increment(ref _count) <= ActorLimits.Threads)
            return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>Sends an idle thread of the other lane home, if it has one, since there are too many for another one of <paramref name="lane"/>.</summary>
    public void MakeRoom(GuestLane lane) => (lane == Slow ? Prompt : Slow).Dismiss();

    public void Ended()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            _ended.SetResult();
    }

    /// <summary>Waits until every thread has ended. Whoever started work sees to it that it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        Prompt.Close();
        Slow.Close();
        Ended();
        await _ended.Task;
        Monitor.Remove(Prompt);
        Monitor.Remove(Slow);
        Borrowed.Dispose();
    }
}
