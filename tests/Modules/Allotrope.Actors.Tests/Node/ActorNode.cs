using System.Buffers.Binary;
using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Wasm;

namespace Allotrope.Actors.Tests;

/// <summary>A node of which only the actors module is there, with the bus and a folder of its own. The test is its planner.</summary>
sealed class ActorNode : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>What a workload may take unless a test says otherwise: time is on the clock, and a busy machine takes a good part of it for others.</summary>
    public static readonly ComponentLimits Unhurried = ComponentLimits.Default with { CallTime = TimeSpan.FromSeconds(20) };

    readonly string _folder = Directory.CreateTempSubdirectory("actors").FullName;
    readonly ILattice _lattice;
    readonly ArtifactStore _artifacts;
    readonly ActorNode? _beside;
    bool _sharesBus;
    readonly Dictionary<string, long> _revisions = [];
    ActorsModule _module = null!;
    IBucket _assignments = null!;
    IBucket _status = null!;
    int _echoedCalls;

    ActorNode(ActorNode? beside)
    {
        (_beside, Name) = (beside, beside is null ? "node" : "other");
        if (beside is not null)
            _sharesBus = beside._sharesBus = true;
        _lattice = beside?._lattice ?? new InProcessLattice(TimeProvider.System);
        _artifacts = new ArtifactStore(_folder);
    }

    /// <summary>As it stands in assignments.</summary>
    public string Name { get; }

    public ILattice Lattice => _lattice;

    /// <summary>Calls that reached a provider made by <see cref="ServeEchoAsync"/>.</summary>
    public int EchoedCalls => Volatile.Read(ref _echoedCalls);

    /// <param name="beside">A node on whose bus it is, and which is disposed of after it.</param>
    public static async Task<ActorNode> StartAsync(IRandom? random = null, CodeCache? code = null, ActorNode? beside = null, long? idleBytes = null)
    {
        var node = new ActorNode(beside);
        node._assignments = await node._lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments));
        node._status = await node._lattice.OpenBucketAsync(new BucketOptions(Buckets.Status));
        node._module = await ActorsModule.StartAsync(
            node._lattice, node.Name, node._artifacts, TimeProvider.System, random ?? new SeededRandom(1), code,
            new CallRecordFolder(node.Records, TimeProvider.System), node.Files, idleBytes);
        return node;
    }

    /// <summary>Of the components assigned from now on.</summary>
    public bool ReusesInstances { get; set; }

    /// <summary>Guest threads alive.</summary>
    public int Threads => _module.Threads;

    /// <summary>Instances of a component that are ready for calls.</summary>
    public int Ready(string workload) => _module.ReadyInstances(workload);

    /// <summary>Of the components assigned from now on.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>Of the components assigned from now on.</summary>
    public IReadOnlyList<string> Peers { get; set; } = [];

    /// <summary>Of the components assigned from now on.</summary>
    public IReadOnlyList<Folder> Folders { get; set; } = [];

    /// <summary>The configuration of workloads assigned from now on.</summary>
    public IReadOnlyDictionary<string, string> Config { get; set; } = new Dictionary<string, string>();

    /// <summary>Where calls that trap leave their records.</summary>
    public string Records => Path.Combine(_folder, "records");

    /// <summary>Where components keep files.</summary>
    public string Files => Path.Combine(_folder, "files");

    public async ValueTask DisposeAsync()
    {
        await _module.DisposeAsync();
        if (_beside is null)
            await _lattice.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Keeps the module, assigns it, and returns the first final status: running in this revision, or failed.</summary>
    public async Task<WorkloadStatus> RunAsync(
        string workload, byte[] module, int instances = 1, IReadOnlyList<BoundLink>? links = null, ComponentLimits? limits = null,
        bool recordsTraps = false, ComponentKind kind = ComponentKind.Actor)
    {
        var digest = _sharesBus
            ? await _artifacts.PutAsync(module) // on the bus either node may answer
            : (await _lattice.RequestAsync(new Message(Subjects.ArtifactPut, Payload.Of(module)), Patience)).Payload.As(ContractsJson.Default.ArtifactPresence).Digest;
        return await AssignAsync(workload, $"{workload}.wasm@{digest}", instances, links, limits, recordsTraps, kind);
    }

    public async Task<WorkloadStatus> AssignAsync(
        string workload, string image, int instances = 1, IReadOnlyList<BoundLink>? links = null, ComponentLimits? limits = null,
        bool recordsTraps = false, ComponentKind kind = ComponentKind.Actor)
    {
        var revision = _revisions[workload] = _revisions.GetValueOrDefault(workload) + 1;
        var assignment = new Assignment(
            Name, workload, "app", workload, revision, kind, image, Contract: null, LinkName: "default", instances,
            limits ?? Unhurried, Config, links ?? [], LinkedFrom: [])
        {
            RecordsTraps = recordsTraps,
            ReusesInstances = ReusesInstances,
            Hosts = Hosts,
            Peers = Peers,
            Folders = Folders,
        };
        await using var watch = await _status.WatchAsync($"{Name}.{workload}");
        await _assignments.PutAsync(Key(workload), Payload.Of(assignment, ContractsJson.Default.Assignment).ToBytes());
        using var patience = new CancellationTokenSource(Patience);
        var before = true;
        await foreach (var change in watch.ReadAllAsync(patience.Token))
        {
            before &= change is not WatchEvent.Current;
            if (!before && change is WatchEvent.Put { Entry: var entry }
                && Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus) is var status
                && (status.State == WorkloadState.Failed || (status.State == WorkloadState.Running && status.Revision == revision)))
                return status;
        }
        throw new InvalidOperationException("the watch ended");
    }

    /// <summary>Takes the assignment back and waits until the status is gone.</summary>
    public async Task StopAsync(string workload)
    {
        await using var watch = await _status.WatchAsync($"{Name}.{workload}");
        await _assignments.DeleteAsync(Key(workload));
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var change in watch.ReadAllAsync(patience.Token))
            if (change is WatchEvent.Removed)
                return;
    }

    public async Task<InvocationResult> CallAsync(string workload, string operation, ReadOnlyMemory<byte> body = default, TimeSpan? timeout = null)
    {
        var answer = await _lattice.RequestAsync(
            new Message(Subjects.Invoke(workload), Payload.Of(new Invocation("test", "", "", operation, body), ContractsJson.Default.Invocation)),
            timeout ?? Patience);
        return answer.Payload.As(ContractsJson.Default.InvocationResult);
    }

    public async Task<Fault> FaultOfAsync(string workload, string operation, ReadOnlyMemory<byte> body = default, TimeSpan? timeout = null) =>
        (await Assert.ThrowsAsync<FaultException>(() => CallAsync(workload, operation, body, timeout))).Fault;

    public async Task<int> NumberAsync(string workload, string operation, ReadOnlyMemory<byte> body = default) =>
        BinaryPrimitives.ReadInt32LittleEndian((await CallAsync(workload, operation, body)).Body.Span);

    /// <summary>Serves a provider that answers with its own name and what it was asked.</summary>
    public async Task ServeEchoAsync(string workload) => await _lattice.ServeAsync(Subjects.Invoke(workload), (request, _) =>
    {
        Interlocked.Increment(ref _echoedCalls);
        var call = request.Payload.As(ContractsJson.Default.Invocation);
        var text = $"{workload} {call.Origin} {call.Contract} {call.LinkName} {call.Operation} {Encoding.UTF8.GetString(call.Body.Span)}";
        return ValueTask.FromResult(new Message(
            "", Payload.Of(new InvocationResult(Encoding.UTF8.GetBytes(text)), ContractsJson.Default.InvocationResult)));
    });

    public async Task<IReadOnlyList<LogLine>> LogsAsync(string? workload, int lines = 100)
    {
        var answer = await _lattice.RequestAsync(
            new Message(Subjects.LogsRead, Payload.Of(new LogQuery(workload, lines), ContractsJson.Default.LogQuery)), Patience);
        return answer.Payload.As(ContractsJson.Default.LogPage).Lines;
    }

    string Key(string workload) => $"{Name}.{workload}";
}
