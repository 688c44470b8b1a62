using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Lattice;

/// <summary>The buckets that are open, each once.</summary>
sealed class BucketTable(TimeProvider time, IRecord? durable) : IAsyncDisposable
{
    readonly Dictionary<string, (BucketOptions Options, Task<InProcessBucket> Bucket)> _open = [];
    readonly Lock _lock = new();

    public async ValueTask<IBucket> OpenAsync(BucketOptions options, CancellationToken cancellation)
    {
        Check(options);
        Task<InProcessBucket> opening;
        lock (_lock)
        {
            if (!_open.TryGetValue(options.Name, out var open) || open.Bucket.IsFaulted)
                _open[options.Name] = open = (options, CreateAsync(options));
            if (open.Options != options)
                throw new FaultException(new Fault.Conflict(
                    $"Bucket {options.Name} is open with other options ({open.Options}, not {options}): open it with the same everywhere."));
            opening = open.Bucket;
        }
        return await opening.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        List<Task<InProcessBucket>> all;
        lock (_lock)
            all = [.. _open.Values.Select(one => one.Bucket)];
        foreach (var opening in all)
        {
            await Task.WhenAny(opening); // whether it failed is the opener's to know
            if (opening.IsCompletedSuccessfully)
                await (await opening).DisposeAsync();
        }
    }

    async Task<InProcessBucket> CreateAsync(BucketOptions options)
    {
        if (!options.Durable)
            return new InProcessBucket(options, time, new BucketState(), stream: null);
        var stream = BucketCodec.Stream(durable!, options.Name);
        var state = new BucketState();
        await foreach (var change in stream.ReplayAsync())
            state.Apply(change);
        state.Advance(stream.Head);
        return new InProcessBucket(options, time, state, stream);
    }

    void Check(BucketOptions options)
    {
        if (options.Name.Length is 0 or > LatticeLimits.BucketNameLength
            || options.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            throw new FaultException(new Fault.Invalid(
                "name", $"A bucket cannot be called \"{options.Name}\": use 1 to {LatticeLimits.BucketNameLength} ASCII letters, digits, - and _."));
        if (options.TimeToLive <= TimeSpan.Zero)
            throw new FaultException(new Fault.Invalid("timeToLive", $"Values of bucket {options.Name} cannot live {options.TimeToLive}: give more than zero."));
        if (options.Durable && durable is null)
            throw new FaultException(new Fault.Invalid("durable", $"Bucket {options.Name} cannot be durable on a bus without a record: give the bus one."));
    }
}
