namespace Allotrope.Actors;

/// <summary>
/// A guest that runs on a thread-pool thread and turns out long has in effect taken that thread away. The pool would notice after half a second;
/// this tells it at once, by raising its minimum for as long as the guest runs.
/// </summary>
sealed class BorrowedThreads(GuestMonitor monitor)
{
    readonly Lock _gate = new();

    /// <summary>The watch over the calling thread, for runs on it from now on.</summary>
    public GuestRun Watch() => new(monitor, stepAside: () => ChangeMinimum(+1), stepBack: () => ChangeMinimum(-1));

    void ChangeMinimum(int by)
    {
        lock (_gate)
        {
            ThreadPool.GetMinThreads(out var workers, out var completionPorts);
            ThreadPool.SetMinThreads(workers + by, completionPorts);
        }
    }
}
