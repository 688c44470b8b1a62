using Allotrope.Components;

namespace Allotrope.Wasi.Blobstore;

/// <summary>A guest's handle of a container in memory; what it names may have been deleted since.</summary>
sealed class MemoryContainer(MemoryBlobstore store, string container) : IContainer
{
    public Result<string, string> Name() => Result<string, string>.Ok(container);

    public ValueTask<Result<ContainerMetadata, string>> Info() =>
        store.WithinAsync(container, content => Result<ContainerMetadata, string>.Ok(new(container, content.CreatedAt)));

    public ValueTask<Result<IIncomingValue, string>> GetData(string name, ulong start, ulong end) => store.WithinAsync(Id(name), blob =>
    {
        var size = (ulong)blob.Content.Length;
        if (start > size || start > end)
            return $"no bytes from {start} to {end} in {name}, which has {size}";
        // Both ends belong to it; beyond the last byte means up to the last
        var last = Math.Min(end, size == 0 ? 0 : size - 1);
        var length = size == 0 || start > last ? 0 : (int)(last - start + 1);
        return store.Give(blob.Content.Slice((int)start, length));
    });

    public ValueTask<Result<Unit, string>> WriteData(string name, IOutgoingValue data) => store.WithinAsync(container, _ =>
    {
        ((OutgoingValue)data).Target(content => store.Store(Id(name), content));
        return Result<Unit, string>.Ok(default);
    });

    public ValueTask<Result<IStreamObjectNames, string>> ListObjects() =>
        store.WithinAsync(container, content => Result<IStreamObjectNames, string>.Ok(new ObjectNames([.. content.Objects.Keys])));

    public ValueTask<Result<Unit, string>> DeleteObject(string name) => DeleteObjects([name]);

    public ValueTask<Result<Unit, string>> DeleteObjects(string[] names) => store.WithinAsync(container, content =>
    {
        foreach (var name in names)
            store.Remove(content, name);
        return Result<Unit, string>.Ok(default);
    });

    public ValueTask<Result<bool, string>> HasObject(string name) =>
        store.WithinAsync(container, content => Result<bool, string>.Ok(content.Objects.ContainsKey(name)));

    public ValueTask<Result<ObjectMetadata, string>> ObjectInfo(string name) => store.WithinAsync(Id(name), blob =>
        Result<ObjectMetadata, string>.Ok(new(name, container, blob.CreatedAt, (ulong)blob.Content.Length)));

    public ValueTask<Result<Unit, string>> Clear() => store.WithinAsync(container, content =>
    {
        store.Empty(content);
        return Result<Unit, string>.Ok(default);
    });

    public void Dispose()
    {
    }

    ObjectId Id(string name) => new(container, name);
}
