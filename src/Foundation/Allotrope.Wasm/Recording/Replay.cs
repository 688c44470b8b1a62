using System.Security.Cryptography;

namespace Allotrope.Wasm;

/// <summary>Runs what a <see cref="CallRecord"/> holds again, with the recorded answers in place of the host, and says whether everything was the same.</summary>
public static class Replay
{
    /// <summary>Replays a record on this thread.</summary>
    /// <param name="record">From a recorder or a file, and not trusted: it is bounded by <paramref name="most"/>.</param>
    /// <param name="module">Its module, when it was compiled already with <see cref="CallRecord.Options"/>.</param>
    /// <param name="most">What the guest may use at most, whatever the record says it was allowed. Default: that of <see cref="StoreLimits"/>.</param>
    /// <param name="inspect">
    /// Interprets the guest, so that a trap has the variables of the functions it came through (<see cref="Trap.Inspected"/>); some ten times slower, and not
    /// for a <paramref name="module"/> that was compiled otherwise.
    /// </param>
    /// <param name="stop">Interrupts the guest: a call that was stopped from outside when it was recorded may not end by itself.</param>
    /// <exception cref="InvalidModuleException">The record's module is none.</exception>
    /// <exception cref="DamagedStateException">The record says what cannot be.</exception>
    /// <exception cref="SnapshotException">The snapshot does not fit the limits or the module.</exception>
    /// <exception cref="LinkException">The limits leave no room.</exception>
    public static ReplayOutcome Run(
        CallRecord record, Module? module = null, StoreLimits? most = null, bool inspect = false, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        module ??= Module.Compile(record.Module.Span, record.Options with { Tier = inspect ? Tier.Interpreted : Tier.Automatic });
        if (!module.Digest.AsSpan().SequenceEqual(record.ModuleDigest.Span))
            throw new SnapshotException("the module is not the one of the record");
        var store = new Store(Lesser(record.Limits, most ?? new StoreLimits())) { InspectTraps = inspect };
        using var interruption = stop.UnsafeRegister(static store => ((Store)store!).Interrupt(), store);
        var objects = new Numbered();
        var replayer = new Replayer(new StateReader(record.Log), objects);
        var imports = ImportedState.Read(new StateReader(record.Imports), module.Image, store, replayer.Import, objects);
        var instance = new Snapshot(record.ModuleDigest, record.Traits, record.Before).Restore(store, module, imports, objects);
        objects.Instance = instance;
        var divergence = replayer.Run(instance) ?? CompareState(record, instance, objects);
        return replayer.Outcome with { Divergence = divergence, Instance = instance };
    }

    static string? CompareState(CallRecord record, Instance instance, Numbered objects) =>
        SHA256.HashData(Snapshot.Capture(instance, objects).Body.Span).AsSpan().SequenceEqual(record.After.Span)
            ? null
            : "everything that crossed was the same, but the guest's memory, variables or tables are others at the end";

    static StoreLimits Lesser(StoreLimits one, StoreLimits other) => new()
    {
        MemoryPages = Math.Min(one.MemoryPages, other.MemoryPages),
        TableElements = Math.Min(one.TableElements, other.TableElements),
        HeapBytes = Math.Min(one.HeapBytes, other.HeapBytes),
        StackBytes = Math.Min(one.StackBytes, other.StackBytes),
    };
}
