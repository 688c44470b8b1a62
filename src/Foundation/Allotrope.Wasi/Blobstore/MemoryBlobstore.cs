using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Blobstore;

/// <summary>Containers and objects in memory, bounded, for one or many instances at once. What is in it ends with it.</summary>
public sealed class MemoryBlobstore(TimeProvider time, BlobLimits limits) : IBlobstore, ITypes
{
    readonly BlobHoldings _held = new(limits.TotalBytes);
    readonly Lock _gate = new();
    readonly Dictionary<string, ContainerContent> _containers = new(StringComparer.Ordinal);
    long _total;

    public ValueTask<Result<IContainer, string>> CreateContainer(string name)
    {
        lock (_gate)
        {
            if (name.Length is 0 || name.Length > limits.Name)
                return FailedAsync<IContainer>($"a container's name has 1 to {limits.Name} characters, not {name.Length}");
            if (_containers.ContainsKey(name))
                return FailedAsync<IContainer>($"the container {name} is there already");
            if (_containers.Count >= limits.Containers)
                return FailedAsync<IContainer>($"the store holds at most {limits.Containers} containers");
            _containers.Add(name, new(Now()));
            return DoneAsync<IContainer>(new MemoryContainer(this, name));
        }
    }

    public ValueTask<Result<IContainer, string>> GetContainer(string name) =>
        WithinAsync(name, _ => Result<IContainer, string>.Ok(new MemoryContainer(this, name)));

    public ValueTask<Result<Unit, string>> DeleteContainer(string name) => WithinAsync(name, container =>
    {
        _total -= container.Bytes;
        _containers.Remove(name);
        return Result<Unit, string>.Ok(default);
    });

    public ValueTask<Result<bool, string>> ContainerExists(string name)
    {
        lock (_gate)
            return DoneAsync(_containers.ContainsKey(name));
    }

    public ValueTask<Result<Unit, string>> CopyObject(ObjectId src, ObjectId dest) => WithinAsync(src, blob => Put(dest, blob.Content));

    public ValueTask<Result<Unit, string>> MoveObject(ObjectId src, ObjectId dest) => WithinAsync(src, blob =>
    {
        if (src == dest)
            return default(Unit);
        var put = Put(dest, blob.Content);
        if (put.IsOk)
            Remove(_containers[src.Container], src.Object);
        return put;
    });

    public IOutgoingValue OutgoingValueNewOutgoingValue() => new OutgoingValue(limits.ObjectBytes, _held);

    public ValueTask<Result<Unit, string>> OutgoingValueFinish(IOutgoingValue @this)
    {
        using var value = (OutgoingValue)@this;
        return ValueTask.FromResult(value.Finish());
    }

    public ValueTask<Result<ReadOnlyMemory<byte>, string>> IncomingValueIncomingValueConsumeSync(IIncomingValue @this)
    {
        var content = ((IncomingValue)@this).Content;
        @this.Dispose();
        return DoneAsync(content);
    }

    public Result<IInputStream, string> IncomingValueIncomingValueConsumeAsync(IIncomingValue @this) =>
        Result<IInputStream, string>.Ok(((IncomingValue)@this).Read());

    /// <summary>Does something with a container of that name under the store's lock.</summary>
    internal ValueTask<Result<T, string>> WithinAsync<T>(string name, Func<ContainerContent, Result<T, string>> work)
    {
        lock (_gate)
            return ValueTask.FromResult(_containers.TryGetValue(name, out var container) ? work(container) : Result<T, string>.Fail($"there is no container {name}"));
    }

    /// <summary>Does something with an object under the store's lock.</summary>
    internal ValueTask<Result<T, string>> WithinAsync<T>(ObjectId id, Func<Blob, Result<T, string>> work) => WithinAsync(id.Container, container =>
        container.Objects.TryGetValue(id.Object, out var blob) ? work(blob) : Result<T, string>.Fail($"there is no object {id.Object} in {id.Container}"));

    /// <summary>Gives a guest part of an object; what it holds may have been replaced since.</summary>
    internal Result<IIncomingValue, string> Give(ReadOnlyMemory<byte> content) => _held.TryTake(content.Length)
        ? Result<IIncomingValue, string>.Ok(new IncomingValue(content, () => _held.Give(content.Length)))
        : $"at most {limits.TotalBytes} bytes of objects are being written or read at once";

    /// <summary>Creates an object or replaces it.</summary>
    internal Result<Unit, string> Store(ObjectId id, ReadOnlyMemory<byte> content)
    {
        // The guest may go on writing to its own buffer
        var copy = content.ToArray();
        lock (_gate)
            return Put(id, copy);
    }

    internal void Remove(ContainerContent container, string name)
    {
        if (container.Objects.Remove(name, out var old))
            Account(container, -old.Content.Length);
    }

    internal void Empty(ContainerContent container)
    {
        container.Objects.Clear();
        Account(container, -container.Bytes);
    }

    Result<Unit, string> Put(ObjectId id, ReadOnlyMemory<byte> content)
    {
        if (!_containers.TryGetValue(id.Container, out var container))
            return $"there is no container {id.Container}";
        if (id.Object.Length is 0 || id.Object.Length > limits.Name)
            return $"an object's name has 1 to {limits.Name} characters, not {id.Object.Length}";
        var old = container.Objects.GetValueOrDefault(id.Object);
        if (old is null && container.Objects.Count >= limits.Objects)
            return $"a container holds at most {limits.Objects} objects";
        var more = content.Length - (old?.Content.Length ?? 0);
        if (more > limits.TotalBytes - _total)
            return $"the store holds at most {limits.TotalBytes} bytes";
        container.Objects[id.Object] = new(content, Now());
        Account(container, more);
        return default(Unit);
    }

    void Account(ContainerContent container, long more) => (container.Bytes, _total) = (container.Bytes + more, _total + more);

    ulong Now() => (ulong)time.GetUtcNow().ToUnixTimeSeconds();

    static ValueTask<Result<T, string>> DoneAsync<T>(T value) => ValueTask.FromResult(Result<T, string>.Ok(value));

    static ValueTask<Result<T, string>> FailedAsync<T>(string error) => ValueTask.FromResult(Result<T, string>.Fail(error));
}

/// <summary>What a container holds.</summary>
sealed class ContainerContent(ulong createdAt)
{
    public ulong CreatedAt => createdAt;

    public SortedDictionary<string, Blob> Objects { get; } = new(StringComparer.Ordinal);

    public long Bytes { get; set; }
}

/// <summary>An object as it is: replaced, never changed.</summary>
sealed record Blob(ReadOnlyMemory<byte> Content, ulong CreatedAt);
