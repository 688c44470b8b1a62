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
        foreach (var gone in _running.Keys.Except(wanted).ToList())
            await EndAsync(gone);
        foreach (var watched in wanted.Except(_running.Keys).ToList())
            _running[watched] = await BucketWatch.StartAsync(lattice, time, provider, watched, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watched in _running.Keys.ToList())
            await EndAsync(watched);
    }

    async ValueTask EndAsync(Watched watched)
    {
        _running.Remove(watched, out var watch);
        await watch!.DisposeAsync();
    }
}
