using System.Net.WebSockets;
using System.Text;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Arteries.Tests;

/// <summary>The module as a node runs it, with one zone assigned.</summary>
sealed class TestNode : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    const string Node = "NTEST";
    const string Workload = "app-zone";

    readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    long _revision;

    TestNode()
    {
    }

    public InProcessLattice Lattice { get; } = new(TimeProvider.System);

    public LogLines Log { get; } = new();

    public ArteriesModule Module { get; private set; } = null!;

    public static async Task<TestNode> StartAsync(ZoneManifest manifest, IReadOnlyList<IncomingLink> actors, ArteriesOptions? options = null)
    {
        var node = new TestNode();
        var secrets = new ZoneSecrets(Path.Combine(node._folder, "zones"), container: node._folder);
        node.Module = await ArteriesModule.StartAsync(
            node.Lattice, Node, (options ?? new ArteriesOptions()) with { Port = 0 }, secrets, TimeProvider.System, SystemRandom.Instance, node.Log);
        await node.Lattice.RequestAsync(new Message(
            Subjects.ZoneKeyPut, Payload.Of(new ZoneKey(manifest.Key, Zone.Secret), ContractsJson.Default.ZoneKey)), Patience);
        await node.AssignAsync(manifest, actors);
        return node;
    }

    /// <summary>What the planner does; returns when the module says that the zone runs.</summary>
    public async Task AssignAsync(ZoneManifest manifest, IReadOnlyList<IncomingLink> actors)
    {
        var assignment = new Assignment(
            Node, Workload, "app", "zone", ++_revision, ComponentKind.Zone, "", null, "default", 1, ComponentLimits.Default, new Dictionary<string, string>(), [], actors,
            manifest);
        var status = await Lattice.OpenBucketAsync(new BucketOptions(Buckets.Status));
        await using var watch = await status.WatchAsync($"{Node}.{Workload}");
        await (await Lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments)))
            .PutAsync($"{Node}.{Workload}", Payload.Of(assignment, ContractsJson.Default.Assignment).ToBytes());
        await foreach (var change in watch.ReadAllAsync(TestContext.Current.CancellationToken))
            if (change is WatchEvent.Put { Entry: var entry } && Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus) is { State: not WorkloadState.Starting } state
                && state.Revision == _revision)
            {
                Assert.Equal((WorkloadState.Running, state.Message), (state.State, state.Message));
                break;
            }
    }

    /// <summary>Awaits what the status says of a service.</summary>
    public async Task UntilAsync(string service, Func<ArteryStatus, bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!(await StatusAsync()).Arteries.Any(artery => artery.Service == service && holds(artery)))
            await Task.Delay(5, limit.Token);
    }

    /// <summary>Says an intent as the core, as the command line does.</summary>
    public async Task SayAsync(string intent, string json = "null") => await Lattice.RequestAsync(new Message(
        Subjects.IntentSend, Payload.Of(new IntentRecord(Zone.Name, "", intent, json, default, 0), ContractsJson.Default.IntentRecord)), Patience);

    /// <param name="host">Another address of this machine than the listener's.</param>
    public async Task<ClientWebSocket> DialAsync(string? subprotocol = WebSocketTransport.Subprotocol, string? host = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == ListeningService.Subject;
        if (subprotocol is not null)
            socket.Options.AddSubProtocol(subprotocol);
        var scheme = Module.Address!.Scheme == "https" ? "wss" : "ws";
        await socket.ConnectAsync(new UriBuilder(scheme, host ?? "127.0.0.1", Module.Address.Port, "/artery").Uri, TestContext.Current.CancellationToken);
        return socket;
    }

    public async Task<ZoneStatus> StatusAsync() =>
        Assert.Single((await Lattice.RequestAsync(new Message(Subjects.ZoneStatus), Patience)).Payload.As(ContractsJson.Default.ZoneStatusList).Zones);

    /// <summary>What an actor's call of the messaging contract becomes.</summary>
    public async Task<InvocationResult> InvokeAsync(string actor, string operation, string subject, string json)
    {
        var invocation = new Contracts.Invocation(
            actor, ZoneManifest.Contract, "default", operation, MessagingContract.Write(subject, null, Encoding.UTF8.GetBytes(json)));
        return (await Lattice.RequestAsync(new Message(Subjects.Invoke(Workload), Payload.Of(invocation, ContractsJson.Default.Invocation)), Patience))
            .Payload.As(ContractsJson.Default.InvocationResult);
    }

    public async ValueTask DisposeAsync()
    {
        await Module.DisposeAsync();
        await Lattice.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
