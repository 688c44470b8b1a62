namespace Allotrope.Actors;

/// <summary>Makes the first instance of a revision on a guest thread: a module's start is guest code like any other and may never end.</summary>
/// <param name="makeReady">Makes the instance; the run has begun.</param>
/// <param name="time">How long it may take, once it has a thread.</param>
sealed class GuestStart(Action<GuestRun> makeReady, GuestMonitor monitor, TimeSpan time, CancellationToken cancellation) : GuestWork
{
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public override void Execute(GuestRun run)
    {
        run.Begin(monitor.After(time), cancellation);
        try
        {
            makeReady(run);
            _done.SetResult();
        }
        catch (Exception error) // whoever awaits it is told, whatever it is
        {
            _done.SetException(error);
        }
        finally
        {
            run.End();
        }
    }
}
