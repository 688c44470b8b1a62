using System.Text;
using Allotrope.Blobstore;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Record;

namespace Allotrope.Actors.Tests.Blobs;

/// <summary>A node with actors and a blobstore provider, and the component that keeps objects through it by HTTP.</summary>
sealed class BlobNode : IAsyncDisposable
{
    public const string Page = "shop-page", Provider = "shop-blobs";

    static readonly byte[] Guest = HttpExchange.Guest("objects-c/objects.wasm");

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-blobs-");
    readonly SqliteRecord _record;
    ProviderModule _module = null!;
    long _revision;

    BlobNode(ActorNode node)
    {
        Node = node;
        _record = SqliteRecord.Open(Path.Combine(_folder.FullName, "record.db"), TimeProvider.System);
    }

    public ActorNode Node { get; }

    public string[] Files => Directory.GetFiles(Path.Combine(_folder.FullName, "blobs", Provider));

    public static async Task<BlobNode> StartAsync()
    {
        var world = new BlobNode(await ActorNode.StartAsync());
        world._module = await BlobstoreModule.StartAsync(
            new BlobstoreHost(world.Node.Lattice, world._record, Path.Combine(world._folder.FullName, "blobs"), TimeProvider.System, SystemRandom.Instance), world.Node.Name);
        return world;
    }

    public static BoundLink Link(string name = "default", params (string Key, string Value)[] values) =>
        new(Provider, ComponentKind.Capability, "wasi:blobstore", name, values.ToDictionary(one => one.Key, one => one.Value))
        {
            Interfaces = ["blobstore", "container", "types"],
        };

    /// <summary>What the host gives an instance of that workload with these links to the provider.</summary>
    public async Task<LinkedBlobs> BlobsAsync(params BoundLink[] links)
    {
        await ProvideAsync([.. links.Select(link => new IncomingLink(Page, link.Name, link.Values))]);
        var assignment = new Assignment(
            Node.Name, Page, "shop", "page", 1, ComponentKind.Component, "", null, "default", 1, ComponentLimits.Default, new Dictionary<string, string>(), links, []);
        return new LinkedBlobs(Node.Lattice, assignment, _ => { }, CancellationToken.None);
    }

    /// <summary>Runs the component as one workload or several, each with these links to the provider.</summary>
    public async Task RunAsync(IReadOnlyList<BoundLink>? links = null, int instances = 2, params string[] workloads)
    {
        links ??= [Link()];
        workloads = workloads is [] ? [Page] : workloads;
        await ProvideAsync([.. workloads.SelectMany(workload => links.Select(link => new IncomingLink(workload, link.Name, link.Values)))]);
        foreach (var workload in workloads)
        {
            var status = await Node.RunComponentAsync(workload, Guest, instances, links);
            Assert.True(status.State == WorkloadState.Running, status.Message);
        }
    }

    public async Task<(int Status, string Text)> AskAsync(string method, string path, string? body = null, string workload = Page)
    {
        var stream = body is null ? null : HttpExchange.Body(Encoding.UTF8.GetBytes(body));
        var (head, answer) = await Node.SendAsync(workload, method, path, stream);
        return (head.Status, answer is null ? "" : Encoding.UTF8.GetString(await HttpExchange.ReadToEndAsync(answer)));
    }

    /// <summary>Files come and go a moment after what they are for.</summary>
    public async Task FilesAreAsync(int wanted)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Files.Length != wanted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < ActorNode.Patience, $"{Files.Length} files");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _module.DisposeAsync();
        await Node.DisposeAsync();
        await _record.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    async Task ProvideAsync(IReadOnlyList<IncomingLink> links)
    {
        var assignments = await Node.Lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments));
        var status = await Node.Lattice.OpenBucketAsync(new BucketOptions(Buckets.Status));
        await using var watch = await status.WatchAsync($"{Node.Name}.{Provider}");
        var assignment = new Assignment(
            Node.Name, Provider, "shop", "blobs", ++_revision, ComponentKind.Capability, BlobstoreContract.Image, BlobstoreContract.Id, "default", 1,
            ComponentLimits.Default, new Dictionary<string, string>(), [], links);
        await assignments.PutAsync($"{Node.Name}.{Provider}", Payload.Of(assignment, ContractsJson.Default.Assignment).ToBytes());
        using var patience = new CancellationTokenSource(ActorNode.Patience);
        await foreach (var change in watch.ReadAllAsync(patience.Token))
            if (change is WatchEvent.Put { Entry: var entry } && Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus) is { State: WorkloadState.Running } told && told.Revision == _revision)
                return;
    }
}
