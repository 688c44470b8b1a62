using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Allotrope.Gateway;

/// <summary>
/// The module that lets HTTP in: it provides <c>wasmcloud:httpserver</c> to the actors of its node. Follows the node's assignments of that
/// contract; every link to it is a route. Disposing takes no more requests and lets those under way finish.
/// </summary>
public sealed class HttpGateway : IAsyncDisposable
{
    readonly string _node;
    readonly GatewayServices _services;
    readonly Listeners _listeners;
    readonly CancellationTokenSource _stopping = new();
    readonly SemaphoreSlim _turn = new(1, 1); // one change of routes at a time; guards everything below
    readonly Dictionary<string, Assignment> _providers = [];
    readonly Dictionary<string, WorkloadStatus> _told = [];
    RoutePlan _plan = RoutePlan.Empty;
    AssignmentWatch? _assignments;
    Task _upkeep = Task.CompletedTask;

    HttpGateway(ILattice lattice, string node, GatewayServices services)
    {
        _node = node;
        _services = services;
        _listeners = new(new RequestSender(lattice, services), services);
    }

    /// <summary>
    /// Begins to follow the assignments of <paramref name="node"/>. Routes open after it returns; the status of each provider tells where.
    /// </summary>
    /// <param name="loggers">Receives the access log at debug level, under the category <c>Allotrope.Gateway</c>.</param>
    public static async Task<HttpGateway> StartAsync(
        ILattice lattice, string node, GatewayOptions options, TimeProvider clock,
        ILoggerFactory? loggers = null, CancellationToken cancellation = default)
    {
        loggers ??= NullLoggerFactory.Instance;
        var gateway = new HttpGateway(lattice, node, new(options, clock, loggers, loggers.CreateLogger("Allotrope.Gateway"), new GatewayMetrics()));
        var handlers = new WorkloadHandlers(IsHttpServer, gateway.ConvergeAsync, gateway.StopAsync);
        gateway._assignments = await AssignmentWatch.StartAsync(lattice, node, handlers, cancellation);
        gateway._upkeep = gateway.UpkeepAsync(gateway._assignments);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _upkeep;
        if (_assignments is not null)
            await _assignments.DisposeAsync();
        await _listeners.DisposeAsync();
        _services.Metrics.Dispose();
        _stopping.Dispose();
        _turn.Dispose();
    }

    static bool IsHttpServer(Assignment assignment) =>
        assignment is { Kind: ComponentKind.Capability, Contract: HttpContract.Id };

    async Task<WorkloadStatus> ConvergeAsync(Assignment assignment, CancellationToken cancellation)
    {
        if (assignment.Image != HttpContract.Image)
            throw new FaultException(new Fault.Invalid(assignment.Component,
                $"The image {assignment.Image} of {assignment.Component} cannot provide {HttpContract.Id}: " +
                $"this node has {HttpContract.Image} for it."));
        await _turn.WaitAsync(cancellation);
        try
        {
            _providers[assignment.Workload] = assignment;
            await ApplyAsync(cancellation);
            return _told[assignment.Workload] = StatusOf(assignment);
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task StopAsync(string workload)
    {
        await _turn.WaitAsync();
        try
        {
            _providers.Remove(workload);
            _told.Remove(workload);
            await ApplyAsync(CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task ApplyAsync(CancellationToken cancellation)
    {
        _plan = RoutePlan.Make(_providers.Values, _plan.Routes, _services.Options);
        await _listeners.ApplyAsync(_plan.Routes, cancellation);
    }

    /// <summary>
    /// Tries again to open what could not be opened, and reports what changed for one provider because of another: a place that became free,
    /// a port whose other owner has ended.
    /// </summary>
    async Task UpkeepAsync(AssignmentWatch assignments)
    {
        using var timer = new PeriodicTimer(_services.Options.RetryTime, _services.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await UpkeepOnceAsync(assignments);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // asked to stop
        }
    }

    async Task UpkeepOnceAsync(AssignmentWatch assignments)
    {
        await _turn.WaitAsync(_stopping.Token);
        try
        {
            if (_listeners.Faults.Count > 0)
                await ApplyAsync(_stopping.Token);
            foreach (var provider in _providers.Values)
            {
                var status = StatusOf(provider);
                if (_told.TryGetValue(provider.Workload, out var told) && Same(told, status))
                    continue;
                _told[provider.Workload] = status;
                await assignments.ReportAsync(status, _stopping.Token);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    WorkloadStatus StatusOf(Assignment provider)
    {
        var routes = _plan.Routes.Where(route => route.Provider == provider.Workload).ToArray();
        string[] urls = [.. routes.Select(_listeners.UrlOf).OfType<string>()];
        Fault[] faults =
        [
            .. _plan.Refusals[provider.Workload],
            .. _listeners.Faults.Where(fault => routes.Any(route => route.EndPoint.Equals(fault.Key))).Select(fault => fault.Value),
        ];
        var state = faults.Length == 0 ? WorkloadState.Running : WorkloadState.Failed;
        var message = (faults, urls) switch
        {
            ([], []) => "No actor is linked to it; a link makes a route.",
            ([], _) => $"Answers at {string.Join(", ", urls)}",
            _ => string.Join(' ', faults.Select(fault => fault.Message)),
        };
        var instances = state == WorkloadState.Running ? 1 : 0;
        return new(
            _node, provider.Workload, provider.Component, provider.Revision, state, instances, message, urls, faults.FirstOrDefault()?.Kind);
    }

    static bool Same(WorkloadStatus one, WorkloadStatus other) =>
        one with { Urls = other.Urls } == other && one.Urls.SequenceEqual(other.Urls);
}
