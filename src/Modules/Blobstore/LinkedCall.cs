using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>One operation by one link.</summary>
/// <param name="owner">Whose readers and uploads it may use.</param>
sealed class LinkedCall(BlobStore store, LinkGrant grant, (string, string) owner, CancellationToken cancellation)
{
    static readonly BlobReply Done = new();

    /// <exception cref="FaultException">What cannot be done; nothing has changed then.</exception>
    public async ValueTask<BlobReply> RunAsync(BlobOperation operation) => operation switch
    {
        BlobOperation.CreateContainer create => await CreateAsync(grant.Container(create.Container, change: true)),
        BlobOperation.DeleteContainer delete => await ChangeAsync(delete.Container, (id, _) => new BlobChange.Deleted(id)),
        BlobOperation.FindContainer find => new() { CreatedAt = store.FindContainer(grant.Container(find.Container, change: false))?.CreatedAt },
        BlobOperation.Clear clear => await ChangeAsync(clear.Container, (id, _) => new BlobChange.Cleared(id)),
        BlobOperation.List list => List(list),
        BlobOperation.Find find => Find(find),
        BlobOperation.Delete delete => await DeleteAsync(delete),
        BlobOperation.Copy copy => await CopyAsync(copy.Container, copy.Name, copy.ToContainer, copy.ToName, move: false),
        BlobOperation.Move move => await CopyAsync(move.Container, move.Name, move.ToContainer, move.ToName, move: true),
        BlobOperation.Open open => Open(open),
        BlobOperation.Read read => await ReadAsync(read),
        BlobOperation.Close close => End(store.Readers, close.Reader),
        BlobOperation.Begin => Begin(),
        BlobOperation.Append append => await AppendAsync(append),
        BlobOperation.Commit commit => await CommitAsync(commit),
        BlobOperation.Abandon abandon => End(store.Uploads, abandon.Upload),
        _ => throw new FaultException(new Fault.NotFound($"The operation {operation.GetType().Name} is not known here.")),
    };

    async ValueTask<BlobReply> CreateAsync(ContainerId id)
    {
        await store.ChangeAsync(state =>
        {
            if (state.Find(id) is not null)
                throw new FaultException(new Fault.Conflict($"There is a container {BlobName.Shorten(id.Name)} already."));
            if (state.Containers.Count >= BlobstoreLimits.Containers)
                throw new FaultException(new Fault.Exhausted($"The store has {BlobstoreLimits.Containers} containers, which are the most: delete one first."));
            return [new BlobChange.Created(id, store.Now)];
        }, cancellation);
        return Done;
    }

    BlobReply List(BlobOperation.List list)
    {
        var (names, next) = store.Container(grant.Container(list.Container, change: false)).Page(list.After, BlobCall.MostNames);
        return new() { Names = names, Next = next };
    }

    BlobReply Find(BlobOperation.Find find)
    {
        var found = store.Container(grant.Container(find.Container, change: false)).Find(find.Name);
        return new() { CreatedAt = found?.CreatedAt, Size = found?.Content.Size ?? 0 };
    }

    ValueTask<BlobReply> DeleteAsync(BlobOperation.Delete delete)
    {
        if (delete.Names.Count > BlobCall.MostNames)
            throw new FaultException(new Fault.Exhausted($"{delete.Names.Count} names at once; {BlobCall.MostNames} are the most: ask in several calls."));
        return ChangeAsync(delete.Container, (id, container) =>
            delete.Names.Where(name => container.Find(name) is not null).Distinct().ToList() is { Count: > 0 } there ? new BlobChange.Removed(id, there) : null);
    }

    async ValueTask<BlobReply> CopyAsync(string container, string name, string toContainer, string toName, bool move)
    {
        BlobName.Check("object", toName);
        var (from, to) = (grant.Container(container, change: move), grant.Container(toContainer, change: true));
        await store.ChangeAsync(state =>
        {
            var source = BlobStore.Object(BlobStore.Container(state, from), name);
            if (from == to && name == toName)
                return [];
            CheckRoom(state, to, toName, less: move ? 1 : 0);
            var put = new BlobChange.Put(to, new BlobObject(toName, store.Now, source.Content));
            return move ? [put, new BlobChange.Removed(from, [name])] : [put];
        }, cancellation);
        return Done;
    }

    BlobReply Open(BlobOperation.Open open)
    {
        var (reader, size) = store.Open(owner, grant.Container(open.Container, change: false), open.Name);
        return new() { Id = reader, Size = size };
    }

    async ValueTask<BlobReply> ReadAsync(BlobOperation.Read read)
    {
        CheckBytes(read.Length);
        return new() { Bytes = await store.Readers.UseAsync(read.Reader, owner, reader => reader.ReadAsync(read.Offset, read.Length, cancellation)) };
    }

    BlobReply Begin()
    {
        grant.CheckWritable();
        return new() { Id = store.Begin(owner) };
    }

    async ValueTask<BlobReply> AppendAsync(BlobOperation.Append append)
    {
        CheckBytes(append.Bytes.Length);
        return await store.Uploads.UseAsync(append.Upload, owner, async upload =>
        {
            await upload.AppendAsync(append.Offset, append.Bytes, cancellation);
            return Done;
        });
    }

    async ValueTask<BlobReply> CommitAsync(BlobOperation.Commit commit)
    {
        BlobName.Check("object", commit.Name);
        var id = grant.Container(commit.Container, change: true);
        await store.Uploads.UseAsync(commit.Upload, owner, async upload =>
        {
            var content = await upload.CompleteAsync(commit.Size);
            await store.ChangeAsync(state =>
            {
                CheckRoom(state, id, commit.Name, less: 0);
                return [new BlobChange.Put(id, new BlobObject(commit.Name, store.Now, content))];
            }, CancellationToken.None);
            return Done;
        });
        return End(store.Uploads, commit.Upload);
    }

    BlobReply End<T>(Handles<T> handles, string id)
        where T : Handle
    {
        handles.End(id, owner);
        return Done;
    }

    /// <summary>Changes a container that is there.</summary>
    /// <param name="decide">Gives no change when there is nothing to do.</param>
    async ValueTask<BlobReply> ChangeAsync(string container, Func<ContainerId, BlobContainer, BlobChange?> decide)
    {
        var id = grant.Container(container, change: true);
        await store.ChangeAsync(state => decide(id, BlobStore.Container(state, id)) is { } change ? [change] : [], cancellation);
        return Done;
    }

    static void CheckRoom(BlobState state, ContainerId id, string name, int less)
    {
        var container = BlobStore.Container(state, id);
        if (state.Objects - less >= BlobstoreLimits.Objects && container.Find(name) is null)
            throw new FaultException(new Fault.Exhausted($"The store has {BlobstoreLimits.Objects} objects, which are the most: delete one first."));
    }

    static void CheckBytes(int length)
    {
        if (length is < 0 or > BlobCall.MostBytes)
            throw new FaultException(new Fault.Exhausted($"{length} bytes at once; {BlobCall.MostBytes} are the most: ask in several calls."));
    }
}
