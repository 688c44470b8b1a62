using System.Security.Cryptography.X509Certificates;
using Allotrope.Actors;
using Allotrope.Arteries;
using Allotrope.Blobstore;
using Allotrope.Control;
using Allotrope.DataFolder;
using Allotrope.Gateway;
using Allotrope.Kernel;
using Allotrope.KeyValue;
using Allotrope.Lattice;
using Allotrope.Ledger;
using Allotrope.Messaging;
using Allotrope.Planner;
using Allotrope.Record;
using Microsoft.Extensions.Logging;

namespace Allotrope;

/// <summary>
/// One running node: the seams, the modules on the bus, and the owner's door. This is the only place that knows all of them; they know one
/// another only as subjects and buckets.
/// </summary>
public sealed class Node : IAsyncDisposable
{
    /// <summary>What spread requirements are held against; a node has none of its own yet.</summary>
    static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>();

    /// <summary>What has started, newest on top: what came last may use all before it and so goes first.</summary>
    readonly Stack<IAsyncDisposable> _parts = new();

    Node()
    {
    }

    /// <summary>The node's public key, by which assignments name it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Starts everything in order. What was admitted before runs soon after this returns.</summary>
    /// <exception cref="FaultException">The data folder or the record cannot be used; what had started is stopped again.</exception>
    public static async Task<Node> StartAsync(NodeOptions options, CancellationToken cancellation)
    {
        var node = new Node();
        try
        {
            await node.StartPartsAsync(options, cancellation);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops in order: no more requests from outside, those under way finish, then actors, bus and record.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
            await part.DisposeAsync();
    }

    async Task StartPartsAsync(NodeOptions options, CancellationToken cancellation)
    {
        var (layout, time, random) = (options.Layout, options.Time, options.Random);
        var folder = Add(new Held(NodeFolder.Open(layout, random))).Of<NodeFolder>();
        Name = folder.NodeKey.PublicKey.ToString();
        var loggers = Add(new Held(options.CreateLoggers())).Of<ILoggerFactory>();
        var record = Add(SqliteRecord.Open(layout.Record, time));
        var lattice = Add(new InProcessLattice(time, record));

        Add(await LedgerModule.StartAsync(lattice, record, Tenants.Load(layout.Tenants), folder.NodeKey, time, cancellation));
        Add(await KeyValueModule.StartAsync(lattice, Name, time, cancellation));
        Add(await BlobstoreModule.StartAsync(new BlobstoreHost(lattice, record, layout.Blobs, time, random), Name, cancellation));
        Add(await MessagingModule.StartAsync(lattice, Name, time, cancellation));
        var code = CompiledCode.Open(layout.CompiledCode, folder.NodeKey, loggers);
        var records = new CallRecordFolder(layout.Records, time);
        Add(await ActorsModule.StartAsync(lattice, Name, new ArtifactStore(layout.Artifacts), time, random, code, records, layout.Folders, cancellation: cancellation));
        var arteries = new ArteriesOptions
        {
            ListenAddress = options.ArteryAddress,
            Port = options.ArteryPort,
            Certificate = options.ArteryCertificate is { } file ? Add(new Held(NodeCertificate.Read(file))).Of<X509Certificate2>() : null,
            Archive = layout.Intents,
        };
        Add(await ArteriesModule.StartAsync(lattice, Name, arteries, new ZoneSecrets(layout.Zones), time, random, loggers, cancellation));
        // With the modules watching, what was admitted before starts as soon as the planner has read it.
        Add(await PlannerModule.StartAsync(lattice, record, [new NodeDescription(Name, Labels)], time, cancellation));
        Add(await HttpGateway.StartAsync(lattice, Name, new GatewayOptions { DefaultPort = options.HttpPort, Insecure = options.Insecure }, time, loggers, cancellation));
        Add(ControlServer.Start(lattice, layout.ControlSocket));
    }

    T Add<T>(T part) where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    /// <summary>Something that stops at once, in line with what takes its time.</summary>
    sealed class Held(IDisposable part) : IAsyncDisposable
    {
        public T Of<T>() where T : IDisposable => (T)part;

        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
