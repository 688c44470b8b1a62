namespace Allotrope.Actors;

/// <summary>
/// A guest that runs on a thread-pool thread and turns out long has in effect taken that thread away. The pool would notice after half a second;
/// this tells it at once, by raising its minimum for as long as the guest runs.
/// </summary>
sealed class BorrowedThreads(GuestMonitor monitor) : IDisposable
{
    // For the whole process, as the pool's minimum is.
    static readonly Lock Gate = new();

    readonly ThreadLocal<GuestRun> _runs = new(
        () => new GuestRun(monitor, stepAside: () => ChangeMinimum(+1), stepBack: () => ChangeMinimum(-1)));

    /// <summary>The watch over the calling thread.</summary>
    public GuestRun Run => _runs.Value!;

    public void Dispose() => _runs.Dispose();

    static void ChangeMinimum(int by)
    {
        lock (Gate)
        {
            ThreadPool.GetMinThreads(out var workers, out var completionPorts);
            ThreadPool.SetMinThreads(workers + by, completionPorts);
        }
    }
}
