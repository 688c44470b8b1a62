using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Wasi.Blobstore;

namespace Allotrope.Actors;

/// <summary>A guest's handle of a container behind a link; what it names may have been deleted since.</summary>
sealed class LinkedContainer(LinkedBlobs blobs, BlobLink link, string container) : IContainer
{
    public Result<string, string> Name() => Result<string, string>.Ok(container);

    public async ValueTask<Result<ContainerMetadata, string>> Info()
    {
        var found = await AskAsync(new BlobOperation.FindContainer(container));
        if (!found.IsOk)
            return found.Error;
        return found.Value.CreatedAt is { } at ? new ContainerMetadata(container, Timestamp(at)) : $"There is no container {container}.";
    }

    /// <summary>Both ends belong to it; beyond the last byte means up to the last.</summary>
    public async ValueTask<Result<IIncomingValue, string>> GetData(string name, ulong start, ulong end)
    {
        if (!blobs.TryBegin())
            return LinkedBlobs.TooMany;
        var opened = await AskAsync(new BlobOperation.Open(container, name));
        if (!opened.IsOk)
        {
            blobs.End();
            return opened.Error;
        }
        var size = (ulong)opened.Value.Size;
        var length = start < size && start <= end ? Math.Min(end, size - 1) - start + 1 : 0;
        var value = new IncomingBlob(blobs, link, opened.Value.Id, (long)Math.Min(start, size), (long)length);
        if (start <= size && start <= end)
            return value;
        value.Dispose();
        return $"There are no bytes from {start} to {end} in {name}, which has {size}.";
    }

    public async ValueTask<Result<Unit, string>> WriteData(string name, IOutgoingValue data)
    {
        var found = await AskAsync(new BlobOperation.Find(container, name)); // an error now is better than one when all has been written
        return found.IsOk ? ((OutgoingBlob)data).Target(link, container, name) : found.Error;
    }

    public async ValueTask<Result<IStreamObjectNames, string>> ListObjects()
    {
        var first = await AskAsync(new BlobOperation.List(container, null));
        return first.Select(page => (IStreamObjectNames)new LinkedNames(this, page));
    }

    public ValueTask<Result<Unit, string>> DeleteObject(string name) => DeleteObjects([name]);

    public async ValueTask<Result<Unit, string>> DeleteObjects(string[] names) => Done(await AskAsync(new BlobOperation.Delete(container, names)));

    public async ValueTask<Result<bool, string>> HasObject(string name) =>
        (await AskAsync(new BlobOperation.Find(container, name))).Select(found => found.CreatedAt is not null);

    public async ValueTask<Result<ObjectMetadata, string>> ObjectInfo(string name)
    {
        var found = await AskAsync(new BlobOperation.Find(container, name));
        if (!found.IsOk)
            return found.Error;
        return found.Value.CreatedAt is { } at ? new ObjectMetadata(name, container, Timestamp(at), (ulong)found.Value.Size) : $"There is no object {name} in the container.";
    }

    public async ValueTask<Result<Unit, string>> Clear() => Done(await AskAsync(new BlobOperation.Clear(container)));

    /// <summary>The names behind a page of them.</summary>
    public ValueTask<Result<BlobReply, string>> NextAsync(string after) => AskAsync(new BlobOperation.List(container, after));

    public void Dispose()
    {
    }

    ValueTask<Result<BlobReply, string>> AskAsync(BlobOperation operation) => link.AskAsync("container", operation);

    static Result<Unit, string> Done(Result<BlobReply, string> reply) => reply.Select(_ => default(Unit));

    static ulong Timestamp(DateTimeOffset time) => (ulong)time.ToUnixTimeSeconds();
}
