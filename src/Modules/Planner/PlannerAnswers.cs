using System.Collections.Immutable;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Record;

namespace Allotrope.Planner;

/// <summary>
/// Answers those who ask how blueprints fare. An answer takes into account every ledger entry there was when the question came, so that who
/// has just applied a blueprint is never told it does not exist.
/// </summary>
sealed class PlannerAnswers(IRecord record, TimeProvider time) : IDisposable
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource _closing = new();
    volatile View _view = View.Empty;
    volatile Fault? _fault;

    /// <summary>Makes a new view the one to answer from, if it differs. Called by the planner's loop only.</summary>
    public void Show(long head, IReadOnlyList<BlueprintStatus> statuses, ImmutableArray<BlueprintSummary> summaries)
    {
        var before = _view;
        _view = before.With(head, statuses, summaries);
        before.Supersede();
    }

    /// <summary>From now on every answer is <paramref name="fault"/>.</summary>
    public void Fail(Fault fault)
    {
        _fault = fault;
        _view.Supersede();
    }

    /// <summary>Lets those who wait for a change go.</summary>
    public void Close() => _closing.Cancel();

    public void Dispose() => _closing.Dispose();

    public async ValueTask<Message> ListAsync(Message request, CancellationToken cancellation)
    {
        var view = await CurrentAsync(cancellation);
        return new("", Payload.Of(new BlueprintList(view.Summaries), ContractsJson.Default.BlueprintList));
    }

    public async ValueTask<Message> StatusAsync(Message request, CancellationToken cancellation)
    {
        var name = request.Payload.As(ContractsJson.Default.NameRequest).Name ?? "";
        return new("", Payload.Of(Find(await CurrentAsync(cancellation), name).Status, ContractsJson.Default.BlueprintStatus));
    }

    public async ValueTask<Message> FollowAsync(Message request, CancellationToken cancellation)
    {
        var (name, change, wait) = request.Payload.As(ContractsJson.Default.FollowRequest);
        var deadline = time.GetUtcNow() + (wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait);
        var view = await CurrentAsync(cancellation);
        while (Find(view, name ?? "").Change <= change && deadline - time.GetUtcNow() is { Ticks: > 0 } left)
        {
            if (!await ChangedAsync(view, left, cancellation))
                break;
            view = Newest();
        }
        return new("", Payload.Of(Find(view, name ?? ""), ContractsJson.Default.BlueprintProgress));
    }

    /// <summary>False when the time is over, or the planner is closing, before there is a newer view.</summary>
    async Task<bool> ChangedAsync(View view, TimeSpan left, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        try
        {
            await view.Next.WaitAsync(left, time, either.Token);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    async Task<View> CurrentAsync(CancellationToken cancellation)
    {
        var view = Newest();
        var head = await ContractLog.HeadAsync(record, view.Head, cancellation);
        while (view.Head < head)
        {
            if (!await ChangedAsync(view, Timeout.InfiniteTimeSpan, cancellation))
                throw new FaultException(new Fault.Unreachable("The planner is stopping; ask again once the node runs."));
            view = Newest();
        }
        return view;
    }

    View Newest() => _fault is { } fault ? throw new FaultException(fault) : _view;

    static BlueprintProgress Find(View view, string name) => view.Progress.GetValueOrDefault(name) ?? throw new FaultException(
        new Fault.NotFound($"There is no blueprint '{(name.Length <= 63 ? name : name[..63])}'; `allot list` shows which there are."));
}
