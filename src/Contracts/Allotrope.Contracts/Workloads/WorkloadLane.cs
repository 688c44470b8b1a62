using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>Brings one workload to what is wanted, one step at a time; what was wanted in between is skipped.</summary>
sealed class WorkloadLane : IAsyncDisposable
{
    readonly Lock _lock = new();
    readonly string _workload;
    readonly WorkloadHandlers _handlers;
    readonly Func<WorkloadStatus, CancellationToken, Task> _report;
    readonly Func<string, Task> _retract;
    readonly CancellationTokenSource _stopping = new();
    Assignment? _wanted;
    Assignment? _running;
    bool _changed;
    bool _working;
    bool _failed;
    Task _work = Task.CompletedTask;

    public WorkloadLane(
        Assignment first, WorkloadHandlers handlers, Func<WorkloadStatus, CancellationToken, Task> report, Func<string, Task> retract)
    {
        (_workload, _handlers, _report, _retract) = (first.Workload, handlers, report, retract);
        Want(first);
    }

    /// <summary>Sets what is wanted, <see langword="null"/> for nothing, and begins to work unless that is under way.</summary>
    public void Want(Assignment? assignment)
    {
        lock (_lock)
        {
            (_wanted, _changed) = (assignment, true);
            if (_working)
                return;
            _working = true;
            _work = WorkAsync();
        }
    }

    /// <summary>Begins once more what is wanted, if <paramref name="which"/> holds of it.</summary>
    public void Again(Func<Assignment, bool> which)
    {
        lock (_lock)
            if (_wanted is { } wanted && which(wanted))
                Want(wanted);
    }

    /// <summary>Tries once more what is wanted if its last start failed and <paramref name="which"/> holds of it; it counts as starting when this returns.</summary>
    public async Task TryAgainAsync(Func<Assignment, bool> which)
    {
        Assignment? wanted;
        lock (_lock)
            wanted = _failed && _wanted is not null && which(_wanted) ? _wanted : null;
        if (wanted is null)
            return;
        await _report(Status(wanted, WorkloadState.Starting, "Starting again."), CancellationToken.None);
        lock (_lock)
            if (_wanted != wanted)
                return; // something newer is wanted, and is being tried
        Want(wanted);
    }

    /// <summary>Cancels the step under way if it is a start, then awaits what is wanted last.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
    }

    async Task WorkAsync()
    {
        await Task.Yield(); // never on the watch's own flow, and never under the lock
        while (Next(out var wanted))
            if (wanted is not null)
                await StartAsync(wanted);
            else if (_running is { } running)
                await StopAsync(running);
    }

    // Under the lock, so that a wish that comes when the last one is done either is seen here or finds that nobody is working.
    bool Next(out Assignment? wanted)
    {
        lock (_lock)
        {
            (wanted, _working, _changed) = (_wanted, _changed, false);
            return _working;
        }
    }

    async Task StartAsync(Assignment wanted)
    {
        if (_running is null)
            await _report(Status(wanted, WorkloadState.Starting, "Starting."), CancellationToken.None);
        _running = wanted;
        WorkloadStatus status;
        try
        {
            status = await _handlers.Converge(wanted, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
        catch (FaultException error)
        {
            status = Status(wanted, WorkloadState.Failed, error.Fault.Message) with { Fault = error.Fault.Kind };
        }
        catch (Exception error)
        {
            status = Status(wanted, WorkloadState.Failed,
                $"{wanted.Workload} could not be started because of an error in the node ({error.GetType().Name}: {error.Message}): report it.");
        }
        await _report(status, CancellationToken.None);
        lock (_lock)
            _failed = status.State == WorkloadState.Failed;
    }

    async Task StopAsync(Assignment running)
    {
        try
        {
            await _handlers.Stop(_workload);
            _running = null;
            await _retract(_workload);
        }
        catch (Exception error)
        {
            await _report(Status(running, WorkloadState.Failed, $"{_workload} could not be stopped ({error.Message}): restart the node."), CancellationToken.None);
        }
    }

    static WorkloadStatus Status(Assignment wanted, WorkloadState state, string message) =>
        new(wanted.Node, wanted.Workload, wanted.Component, wanted.Revision, state, Instances: 0, message, Urls: []);
}
