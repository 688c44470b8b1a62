using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>The moment at which a task has ended, well or not.</summary>
sealed class TaskWaitable(Task task) : IWaitable
{
    public bool Ready => task.IsCompleted;

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        await task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }
}
