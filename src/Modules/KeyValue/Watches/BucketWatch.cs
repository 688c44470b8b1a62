using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>Tells a component of the changes in a bucket that come after its start, whoever makes them.</summary>
sealed class BucketWatch : IAsyncDisposable
{
    readonly string _provider;
    readonly Watched _watched;
    readonly KeyFilter _keys;
    readonly IBucket _bucket;
    readonly ChangeLanes _lanes;
    readonly CancellationTokenSource _stopping = new();

    /// <summary>Long keys that are watched, by what they are called in the bucket: when one is deleted, nothing else tells its name.</summary>
    readonly Dictionary<string, string> _hashed = [];

    Task _following = Task.CompletedTask;

    BucketWatch(string provider, Watched watched, IBucket bucket, ChangeLanes lanes) =>
        (_provider, _watched, _keys, _bucket, _lanes) = (provider, watched, new KeyFilter(watched.Keys), bucket, lanes);

    /// <summary>The component is told of every change from when the task completes.</summary>
    public static async Task<BucketWatch> StartAsync(ILattice lattice, TimeProvider time, string provider, Watched watched, CancellationToken cancellation)
    {
        var bucket = await lattice.OpenBucketAsync(new BucketOptions(BucketName.Of(provider, watched.Bucket), Durable: true), cancellation);
        var watch = new BucketWatch(provider, watched, bucket, new ChangeLanes(lattice, time, watched.Workload));
        try
        {
            watch._following = watch.FollowAsync(await watch.BeginAsync(cancellation));
            return watch;
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following;
        await _lanes.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>A watch from now on: what was there before is no change, but long keys among it have names to be known.</summary>
    async Task<Watch> BeginAsync(CancellationToken cancellation)
    {
        var watch = await _bucket.WatchChangesAsync(cancellation: cancellation);
        try
        {
            _hashed.Clear();
            for (string? after = GuestKey.BeforeHashed; after is not null;)
            {
                var page = await _bucket.KeysAfterAsync(after, KeyValueLimits.KeysPerPage, cancellation);
                after = null;
                foreach (var key in page.TakeWhile(GuestKey.IsHashed)) // they lie together
                    if (await _bucket.GetAsync(after = key, cancellation) is { } entry)
                        NameOf(entry);
            }
            return watch;
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    async Task FollowAsync(Watch watch)
    {
        try
        {
            while (await IsBehindAsync(watch))
            {
                await _lanes.AddAsync("", new KeyValueChange.Missed(_provider, _watched.Bucket), _stopping.Token);
                watch = await BeginAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // It is over
        }
    }

    /// <summary>Passes changes on until the watch is given up because too many wait: true then, false when the bucket is closed.</summary>
    async Task<bool> IsBehindAsync(Watch watch)
    {
        await using var _ = watch;
        try
        {
            await foreach (var change in watch.ReadAllAsync(_stopping.Token))
                if (Read(change) is var (key, told) && _keys.Has(key))
                    await _lanes.AddAsync(key, told, _stopping.Token);
            return false;
        }
        catch (FaultException error) when (error.Fault is Fault.Exhausted)
        {
            return true;
        }
    }

    /// <summary>A change in words of guests; <see langword="null"/> for one that is not theirs, such as of a list that an actor keeps.</summary>
    (string Key, KeyValueChange Change)? Read(WatchEvent change)
    {
        switch (change)
        {
            case WatchEvent.Put { Entry: var entry }:
                var stored = GuestKey.Unwrap(entry.Value);
                return NameOf(entry) is { } key && StoredValue.IsValue(stored)
                    ? (key, new KeyValueChange.Written(_provider, _watched.Bucket, key, StoredValue.ToBytes(stored)))
                    : null;
            case WatchEvent.Removed { Key: var encoded }:
                return (GuestKey.IsHashed(encoded) ? _hashed.Remove(encoded, out var name) ? name : null : GuestKey.Decode(encoded)) is { } gone
                    ? (gone, new KeyValueChange.Deleted(_provider, _watched.Bucket, gone))
                    : null;
            default:
                return null;
        }
    }

    string? NameOf(BucketEntry entry)
    {
        if (!GuestKey.IsHashed(entry.Key))
            return GuestKey.Decode(entry.Key);
        var name = GuestKey.DecodeHashed(entry.Value);
        if (name is not null && _keys.Has(name))
            _hashed[entry.Key] = name;
        return name;
    }
}
