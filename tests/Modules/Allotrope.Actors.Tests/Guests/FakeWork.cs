namespace Allotrope.Actors.Tests;

/// <summary>Work for a guest thread that needs no guest.</summary>
sealed class FakeWork(GuestMonitor monitor, Action<GuestRun> body) : GuestWork
{
    readonly TaskCompletionSource<RunEnd> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<RunEnd> Done => _done.Task;

    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>When it is given up if it has not begun, on the monitor's clock; it is done then, by a <see cref="TimeoutException"/>.</summary>
    public long Over { get; init; } = long.MaxValue;

    public override object? Owner => Whose;

    public string? Whose { get; init; }

    public override bool IsOver(long now) => now >= Over;

    public override void GiveUp(bool hasShare) => _done.SetException(new TimeoutException(hasShare ? "given up for its share" : "given up"));

    public override void Execute(GuestRun run)
    {
        run.Begin(monitor.After(Budget), CancellationToken.None);
        try
        {
            body(run);
            _done.SetResult(run.End());
        }
        catch (Exception error)
        {
            run.End();
            _done.SetException(error);
        }
    }
}
