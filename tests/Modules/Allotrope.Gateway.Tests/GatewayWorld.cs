using System.Net.Sockets;
using Allotrope.Contracts;
using Allotrope.Lattice;
using Microsoft.Extensions.Logging;

namespace Allotrope.Gateway.Tests;

/// <summary>A gateway on a bus of its own, with actors that are written in the test.</summary>
sealed class GatewayWorld : IAsyncDisposable
{
    public const string Node = "NTEST";

    readonly List<IAsyncDisposable> _served = [];
    readonly InProcessLattice _lattice = new(TimeProvider.System);
    HttpGateway? _gateway;
    long _revision;

    public ILattice Lattice => _lattice;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    public static async Task<GatewayWorld> StartAsync(GatewayOptions? options = null, ILoggerFactory? loggers = null)
    {
        var world = new GatewayWorld();
        options ??= new GatewayOptions();
        world._gateway = await HttpGateway.StartAsync(
            world._lattice, Node, options with { DefaultPort = 0, RetryTime = TimeSpan.FromMilliseconds(50) }, TimeProvider.System, loggers);
        return world;
    }

    /// <summary>A world with one actor <c>app-actor</c> behind one route; the address is the route's.</summary>
    public static async Task<(GatewayWorld World, Uri Address)> StartAsync(Func<SeenRequest, InvocationResult> answer, GatewayOptions? options = null)
    {
        var world = await StartAsync(options);
        await world.ServeAsync("app-actor", answer);
        return (world, new Uri(Assert.Single((await world.AssignAsync("app-http", Link("app-actor"))).Urls)));
    }

    public static IncomingLink Link(string workload, params (string Key, string Value)[] values) =>
        new(workload, "default", values.ToDictionary(pair => pair.Key, pair => pair.Value));

    /// <summary>Writes the assignment and awaits the status it leads to.</summary>
    public Task<WorkloadStatus> AssignAsync(string provider, params IReadOnlyList<IncomingLink> links) =>
        AssignAsync(Assignments.Http(Node, provider, ++_revision, links));

    public async Task<WorkloadStatus> AssignAsync(Assignment assignment)
    {
        var bucket = await _lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments));
        await bucket.PutAsync($"{Node}.{assignment.Workload}", Payload.Of(assignment, ContractsJson.Default.Assignment).ToBytes());
        return await StatusAsync(assignment.Workload, status => status.Revision == assignment.Revision && status.State != WorkloadState.Starting);
    }

    /// <summary>Takes the assignment away and awaits that its status is gone.</summary>
    public async Task UnassignAsync(string provider)
    {
        var status = await _lattice.OpenBucketAsync(new BucketOptions(Buckets.Status));
        await using var watch = await status.WatchAsync($"{Node}.{provider}");
        await (await _lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments))).DeleteAsync($"{Node}.{provider}");
        await foreach (var change in watch.ReadAllAsync(TestContext.Current.CancellationToken))
            if (change is WatchEvent.Removed)
                return;
    }

    /// <summary>Awaits a status of <paramref name="provider"/> that is as wanted.</summary>
    public async Task<WorkloadStatus> StatusAsync(string provider, Func<WorkloadStatus, bool> wanted)
    {
        var bucket = await _lattice.OpenBucketAsync(new BucketOptions(Buckets.Status));
        await using var watch = await bucket.WatchAsync($"{Node}.{provider}");
        await foreach (var change in watch.ReadAllAsync(TestContext.Current.CancellationToken))
            if (change is WatchEvent.Put { Entry: var entry } && Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus) is var status && wanted(status))
                return status;
        throw new InvalidOperationException("The watch ended.");
    }

    public Task ServeAsync(string workload, Func<SeenRequest, InvocationResult> answer) =>
        ServeAsync(workload, (request, _) => ValueTask.FromResult(answer(request)));

    public async Task ServeAsync(string workload, Func<SeenRequest, CancellationToken, ValueTask<InvocationResult>> answer) =>
        _served.Add(await _lattice.ServeAsync(Subjects.Invoke(workload), async (message, cancellation) =>
        {
            var invocation = message.Payload.As(ContractsJson.Default.Invocation);
            Assert.Equal(("HttpServer.HandleRequest", HttpContract.Id), (invocation.Operation, invocation.Contract));
            var result = await answer(SeenRequest.Read(invocation.Body), cancellation);
            return new Message("", Payload.Of(result, ContractsJson.Default.InvocationResult));
        }));

    /// <summary>An actor that looks at nothing and always gives the same answer.</summary>
    public async Task ServeRawAsync(string workload, InvocationResult answer) => _served.Add(await _lattice.ServeAsync(
        Subjects.Invoke(workload), (_, _) => ValueTask.FromResult(new Message("", Payload.Of(answer, ContractsJson.Default.InvocationResult)))));

    /// <summary>A connection without any HTTP client's good manners.</summary>
    public static async Task<RawConnection> ConnectAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        return new RawConnection(socket);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        foreach (var served in _served)
            await served.DisposeAsync();
        await _lattice.DisposeAsync();
    }
}
