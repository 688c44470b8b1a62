using Allotrope.Conformance;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Modules;
using Allotrope.Record;

namespace Allotrope.Blobstore.Tests;

/// <summary>A node with nothing but a record, a bus and the module, and calls to it as a component's host makes them.</summary>
public sealed class BlobstoreWorld : IAsyncDisposable
{
    public const string Node = "NODE", Provider = "shop-blobs", Origin = "shop-page";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    DirectoryInfo _folder = null!;
    ProviderModule _module = null!;
    long _revision;

    public ManualTime Time { get; } = new();

    public InProcessLattice Lattice { get; private set; } = null!;

    public UnsureRecord Record { get; private set; } = null!;

    internal FailingDisk Disk { get; } = new();

    /// <summary>Where the provider's contents are.</summary>
    public string Contents => Path.Combine(_folder.FullName, "blobs", Provider);

    public string RecordFile => Path.Combine(_folder.FullName, "record.db");

    public string[] Files => Directory.GetFiles(Contents);

    /// <summary>The provider's setting, if it has one.</summary>
    public string? Capacity { get; set; }

    /// <summary>Another one that it has.</summary>
    public string? Setting { get; set; }

    public static Task<BlobstoreWorld> StartAsync(params IncomingLink[] links) => StartInAsync(Path.GetTempPath(), links);

    /// <param name="place">Where the data folder is to be.</param>
    public static async Task<BlobstoreWorld> StartInAsync(string place, params IncomingLink[] links)
    {
        var world = new BlobstoreWorld { _folder = Directory.CreateDirectory(Path.Combine(place, $"allotrope-blobstore-{Guid.NewGuid():N}")) };
        await world.OpenAsync();
        await world.AssignAsync(links is [] ? [Link()] : links);
        return world;
    }

    public static IncomingLink Link(string workload = Origin, string name = "default", params (string Key, string Value)[] values) =>
        new(workload, name, values.ToDictionary(one => one.Key, one => one.Value));

    /// <summary>As after a new start of the node; the planner assigns anew.</summary>
    /// <param name="meanwhile">Done to the data folder while nothing runs.</param>
    public async Task<WorkloadStatus> RestartAsync(Action? meanwhile = null)
    {
        await CloseAsync();
        meanwhile?.Invoke();
        await OpenAsync();
        return await AssignAsync(Link());
    }

    /// <summary>Assigns the provider with these links and awaits what the module says of it.</summary>
    public Task<WorkloadStatus> AssignAsync(params IncomingLink[] links)
    {
        Dictionary<string, string> config = Capacity is { } capacity ? new() { ["capacity"] = capacity } : [];
        if (Setting is { } setting)
            config[setting] = "";
        return Lattice.AssignAsync(new Assignment(
            Node, Provider, "shop", "blobs", ++_revision, ComponentKind.Capability, BlobstoreContract.Image, BlobstoreContract.Id, "default",
            1, ComponentLimits.Default, config, [], links));
    }

    public async Task<BlobReply> AskAsync(BlobOperation operation, string origin = Origin, string link = "default")
    {
        // By its bytes, as it would come from another node
        var call = Payload.Of(Payload.Of(new BlobCall(origin, link, operation), ContractsJson.Default.BlobCall).ToBytes());
        var reply = await Lattice.RequestAsync(new Message(Subjects.Blobs(Provider), call), Timeout.InfiniteTimeSpan).AsTask().WaitAsync(Patience);
        return reply.Payload.As(ContractsJson.Default.BlobReply);
    }

    public async Task<Fault> FaultOfAsync(BlobOperation operation, string origin = Origin, string link = "default") =>
        (await Assert.ThrowsAsync<FaultException>(() => AskAsync(operation, origin, link))).Fault;

    public async Task PutAsync(string container, string name, byte[] content, string origin = Origin, string link = "default")
    {
        var upload = await UploadAsync(content, origin, link);
        await AskAsync(new BlobOperation.Commit(upload, content.Length, container, name), origin, link);
    }

    /// <summary>An upload of all bytes that is not committed yet.</summary>
    public async Task<string> UploadAsync(byte[] content, string origin = Origin, string link = "default")
    {
        var upload = (await AskAsync(new BlobOperation.Begin(), origin, link)).Id;
        for (var offset = 0; offset < content.Length; offset += BlobCall.MostBytes)
        {
            var piece = content.AsMemory(offset, Math.Min(BlobCall.MostBytes, content.Length - offset));
            await AskAsync(new BlobOperation.Append(upload, offset, piece), origin, link);
        }
        return upload;
    }

    public async Task<byte[]> GetAsync(string container, string name, string origin = Origin, string link = "default")
    {
        var open = await AskAsync(new BlobOperation.Open(container, name), origin, link);
        var content = await ReadAsync(open.Id, open.Size, origin, link);
        await AskAsync(new BlobOperation.Close(open.Id), origin, link);
        return content;
    }

    /// <summary>From the beginning of a reader to its end.</summary>
    public async Task<byte[]> ReadAsync(string reader, long size, string origin = Origin, string link = "default")
    {
        var content = new byte[size];
        for (var offset = 0; offset < content.Length;)
        {
            var read = await AskAsync(new BlobOperation.Read(reader, offset, BlobCall.MostBytes), origin, link);
            read.Bytes.CopyTo(content.AsMemory(offset));
            offset += read.Bytes.Length;
        }
        return content;
    }

    public async Task<IReadOnlyList<string>> ListAsync(string container) => (await AskAsync(new BlobOperation.List(container, null))).Names;

    /// <summary>Files are removed a moment after nothing uses them any more.</summary>
    public async Task<int> FilesAsync(int wanted)
    {
        for (var i = 0; i < 600 && Files.Length != wanted; i++)
            await Task.Delay(100);
        return Files.Length;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Delete(recursive: true);
    }

    public static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new SeededRandom((ulong)seed).Fill(bytes);
        return bytes;
    }

    async Task OpenAsync()
    {
        Record = new(SqliteRecord.Open(RecordFile, Time));
        Lattice = new InProcessLattice(Time, Record);
        _module = await BlobstoreModule.StartAsync(
            new BlobstoreHost(Lattice, Record, Path.Combine(_folder.FullName, "blobs"), Time, SystemRandom.Instance) { Disk = Disk }, Node);
    }

    async Task CloseAsync()
    {
        await _module.DisposeAsync();
        await Lattice.DisposeAsync();
        await Record.DisposeAsync();
    }
}
