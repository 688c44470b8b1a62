using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Sockets;

/// <summary>Waits for what is under way at the moment.</summary>
sealed class TaskWait(Func<Task> current) : IWaitable
{
    public bool Ready => current().IsCompleted;

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        await current().WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }
}
