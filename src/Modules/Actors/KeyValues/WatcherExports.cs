using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Wasi.Keyvalue;

namespace Allotrope.Actors;

/// <summary>What an instance of a component exports to be told of changes.</summary>
sealed record WatcherExports(Func<IBucket, string, ReadOnlyMemory<byte>, ValueTask> OnSet, Func<IBucket, string, ValueTask> OnDelete)
{
    /// <returns><see langword="null"/> when it exports none.</returns>
    public static WatcherExports? Of(ComponentInstance instance)
    {
        if (instance.TryGetInstance("wasi:keyvalue/watcher@0.2.0-draft2", out var watcher))
            return new(watcher.GetFunction<Func<IBucket, string, ReadOnlyMemory<byte>, ValueTask>>("on-set"), watcher.GetFunction<Func<IBucket, string, ValueTask>>("on-delete"));
        return DraftInterfaces.WatcherOf(instance) is var (onSet, onDelete) ? new(onSet, onDelete) : null;
    }

    /// <summary>Tells the guest, which has nothing to say to it.</summary>
    public async ValueTask<string?> TakeAsync(KeyValueChange change, LinkedStores stores)
    {
        var bucket = stores.Watched(change.Provider, change.Bucket);
        await (change switch
        {
            KeyValueChange.Written set => OnSet(bucket, set.Key, set.Value),
            KeyValueChange.Deleted gone => OnDelete(bucket, gone.Key),
            _ => ValueTask.CompletedTask,
        });
        return null;
    }
}
