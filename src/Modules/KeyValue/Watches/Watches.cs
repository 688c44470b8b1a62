using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>What one provider tells components of.</summary>
sealed class Watches(ILattice lattice, TimeProvider time, string provider) : IAsyncDisposable
{
    readonly Dictionary<Watched, BucketWatch> _running = [];

    public int Count => _running.Count;

    /// <summary>Begins what is new and ends what is gone; the others are told on.</summary>
    public async Task ConvergeAsync(Assignment assignment, CancellationToken cancellation)
    {
        var wanted = assignment.LinkedFrom.Where(Watched.Is).Select(link => Watched.Of(provider, link)).ToHashSet();
        var ended = EndAsync(_running.Keys.Except(wanted));
        try
        {
            // Meanwhile: what a component that never returns is at goes on for a while.
            foreach (var watched in wanted.Except(_running.Keys).ToList())
                _running[watched] = await BucketWatch.StartAsync(lattice, time, provider, watched, cancellation);
        }
        finally
        {
            await ended;
        }
    }

    /// <summary>The buckets that are watched, but that nobody is linked to who could change anything in them: perhaps a slip.</summary>
    public static List<string> Unwritten(Assignment assignment)
    {
        var links = assignment.LinkedFrom.ToLookup(Watched.Is, link => link.Values.GetValueOrDefault(KeyValueContract.BucketValue));
        return [.. links[true].OfType<string>().Except(links[false].OfType<string>()).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync() => await EndAsync(_running.Keys);

    /// <summary>Nothing more is told by when this returns its task, which awaits what is being told.</summary>
    Task EndAsync(IEnumerable<Watched> all) => Task.WhenAll(all.ToList().Select(async watched =>
    {
        _running.Remove(watched, out var watch);
        await watch!.DisposeAsync();
    }));
}
