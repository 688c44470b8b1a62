namespace Allotrope.Artery.Tests;

/// <summary>A transport whose sending can be held up, as a socket's is whose other end does not read.</summary>
sealed class Gate(IArteryTransport inner) : IArteryTransport
{
    TaskCompletionSource _open = Opened();
    TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Frames { get; private set; }

    public void Close()
    {
        _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Open() => _open.TrySetResult();

    /// <summary>Until a frame stands before the closed gate.</summary>
    public Task HeldAsync() => _held.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        var open = _open.Task;
        if (!open.IsCompleted)
            _held.TrySetResult();
        await open.WaitAsync(cancellation);
        Frames++;
        await inner.SendAsync(frame, cancellation);
    }

    public ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation) => inner.ReceiveAsync(maxBytes, cancellation);

    public ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation) => inner.CloseAsync(code, text, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
