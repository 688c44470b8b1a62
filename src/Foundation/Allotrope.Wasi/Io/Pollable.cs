namespace Allotrope.Wasi.Io;

/// <summary>A guest's <c>pollable</c>: the moment at which something is ready.</summary>
/// <param name="source">What it waits for. It stays the property of whoever made it.</param>
/// <param name="stop">Ends waits with <see cref="OperationCanceledException"/>, and with them the guest's call.</param>
public sealed class Pollable(IWaitable source, CancellationToken stop = default) : IPollable
{
    /// <inheritdoc cref="IWaitable.IsOwn"/>
    public bool IsOwn => source.IsOwn;

    public bool Ready() => source.Ready;

    public async ValueTask Block()
    {
        while (!source.Ready)
            await source.WaitAsync(stop);
    }

    /// <summary>What it waits for, for <see cref="Polling"/>.</summary>
    internal IWaitable Source => source;

    public void Dispose()
    {
    }
}
