using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>All that a provider keeps and that callers have open of it.</summary>
sealed class BlobStore : IAsyncDisposable
{
    readonly BlobstoreHost _host;
    readonly ContentFolder _contents;
    readonly BlobIndex _index;
    readonly Handles<BlobReader> _readers;
    readonly Handles<Upload> _uploads;

    BlobStore(BlobstoreHost host, ContentFolder contents, BlobIndex index)
    {
        (_host, _contents, _index) = (host, contents, index);
        _readers = new("reader", BlobstoreLimits.Readers, host);
        _uploads = new("upload", BlobstoreLimits.Uploads, host);
    }

    /// <summary>Opens what a provider has kept, and removes what was never finished.</summary>
    public static async Task<BlobStore> OpenAsync(BlobstoreHost host, string provider, ProviderSettings settings, CancellationToken cancellation)
    {
        Directory.CreateDirectory(host.Folder, OwnerOnlyFile.Folder);
        host.Disk.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(host.Folder))!);
        var contents = new ContentFolder(Path.Combine(host.Folder, provider), settings.Capacity, host.Disk);
        try
        {
            var index = await BlobIndex.OpenAsync(host.Record, provider, contents, cancellation);
            contents.Load(index.State);
            return new(host, contents, index) { Settings = settings };
        }
        catch
        {
            await contents.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the blueprint says now.</summary>
    public ProviderSettings Settings
    {
        set
        {
            _contents.Room.Capacity = value.Capacity;
            _readers.Links = _uploads.Links = value.Links.Count;
        }
    }

    public DateTimeOffset Now => _host.Time.GetUtcNow();

    public Handles<BlobReader> Readers => _readers;

    public Handles<Upload> Uploads => _uploads;

    /// <exception cref="FaultException"><see cref="Fault.NotFound"/>.</exception>
    public BlobContainer Container(ContainerId id) => Container(_index.State, id);

    /// <inheritdoc cref="Container(ContainerId)"/>
    public static BlobContainer Container(BlobState state, ContainerId id) =>
        state.Find(id) ?? throw new FaultException(new Fault.NotFound($"There is no container {BlobName.Shorten(id.Name)}."));

    public BlobContainer? FindContainer(ContainerId id) => _index.State.Find(id);

    /// <inheritdoc cref="BlobIndex.ChangeAsync"/>
    public Task ChangeAsync(BlobDecision decide, CancellationToken cancellation) => _index.ChangeAsync(decide, cancellation);

    /// <summary>Reads an object as it is now.</summary>
    /// <exception cref="FaultException"><see cref="Fault.NotFound"/>; what <see cref="ContentFolder.Open"/> says.</exception>
    public (string Reader, long Size) Open((string, string) owner, ContainerId container, string name)
    {
        var content = BlobContent.None;
        var reader = _readers.Add(owner, () => BlobReader.Open(owner, _contents, content = Use(container, name)));
        return (reader, content.Size);
    }

    public static BlobObject Object(BlobContainer container, string name) =>
        container.Find(name) ?? throw new FaultException(new Fault.NotFound($"There is no object {BlobName.Shorten(name)} in the container."));

    /// <summary>Begins an object that has no name yet.</summary>
    public string Begin((string, string) owner) => _uploads.Add(owner, () =>
    {
        Span<byte> id = stackalloc byte[16];
        _host.Random.Fill(id);
        return new Upload(owner, _contents, new Guid(id));
    });

    public void EndIdle()
    {
        _readers.EndIdle();
        _uploads.EndIdle();
    }

    /// <summary>Keeps the content that an object has now from going.</summary>
    BlobContent Use(ContainerId container, string name)
    {
        while (true)
            if (Object(Container(container), name).Content is var content && _contents.TryBegin(content)) // otherwise the object is another one by now
                return content;
    }

    public async ValueTask DisposeAsync()
    {
        _readers.Dispose();
        _uploads.Dispose();
        await _index.DisposeAsync();
        await _contents.DisposeAsync();
    }
}
