using Allotrope.Components;

namespace Allotrope.Wasi.Keyvalue;

/// <summary>
/// The interfaces as version 0.2.0-draft has them, for which most published components are made: numbers without a sign, numbers as cursors, no
/// <c>cas</c>. What is behind them is the same.
/// </summary>
public static class DraftInterfaces
{
    const string Version = "@0.2.0-draft";

    public static void AddStore<TState>(ComponentLinker<TState> linker, Func<TState, IStore> host)
    {
        ArgumentNullException.ThrowIfNull(linker);
        linker.Instance($"wasi:keyvalue/store{Version}").Resource<DraftBucket>("bucket")
            .Function("open", (TState state, string identifier) => Open(host(state), identifier))
            .Function("[method]bucket.get", (DraftBucket self, string key) => self.Bucket.Get(key))
            .Function("[method]bucket.set", (DraftBucket self, string key, ReadOnlyMemory<byte> value) => self.Bucket.Set(key, value))
            .Function("[method]bucket.delete", (DraftBucket self, string key) => self.Bucket.Delete(key))
            .Function("[method]bucket.exists", (DraftBucket self, string key) => self.Bucket.Exists(key))
            .Function("[method]bucket.list-keys", (DraftBucket self, ulong? cursor) => self.ListKeysAsync(cursor));
    }

    /// <param name="increment">Adds a number to a value, which never gets below 0.</param>
    public static void AddAtomics<TState>(ComponentLinker<TState> linker, Func<IBucket, string, ulong, ValueTask<Result<ulong, Error>>> increment)
    {
        ArgumentNullException.ThrowIfNull(linker);
        linker.Instance($"wasi:keyvalue/atomics{Version}").Resource<DraftBucket>("bucket")
            .Function("increment", (DraftBucket bucket, string key, ulong delta) => increment(bucket.Bucket, key, delta));
    }

    public static void AddBatch<TState>(ComponentLinker<TState> linker, Func<TState, IBatch> host)
    {
        ArgumentNullException.ThrowIfNull(linker);
        linker.Instance($"wasi:keyvalue/batch{Version}").Resource<DraftBucket>("bucket")
            .Function("get-many", (TState state, DraftBucket bucket, string[] keys) => host(state).GetMany(bucket.Bucket, keys))
            .Function("set-many", (TState state, DraftBucket bucket, (string, ReadOnlyMemory<byte>)[] keyValues) => host(state).SetMany(bucket.Bucket, keyValues))
            .Function("delete-many", (TState state, DraftBucket bucket, string[] keys) => host(state).DeleteMany(bucket.Bucket, keys));
    }

    /// <summary>What an instance of a component exports as <c>watcher</c>; <see langword="null"/> when that is nothing.</summary>
    public static (Func<IBucket, string, ReadOnlyMemory<byte>, ValueTask> OnSet, Func<IBucket, string, ValueTask> OnDelete)? WatcherOf(ComponentInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        if (!instance.TryGetInstance($"wasi:keyvalue/watcher{Version}", out var watcher))
            return null;
        var onSet = watcher.GetFunction<Func<DraftBucket, string, ReadOnlyMemory<byte>, ValueTask>>("on-set");
        var onDelete = watcher.GetFunction<Func<DraftBucket, string, ValueTask>>("on-delete");
        return ((bucket, key, value) => onSet(new DraftBucket(bucket), key, value), (bucket, key) => onDelete(new DraftBucket(bucket), key));
    }

    static Result<DraftBucket, Error> Open(IStore store, string identifier) => store.Open(identifier).Select(bucket => new DraftBucket(bucket));
}
