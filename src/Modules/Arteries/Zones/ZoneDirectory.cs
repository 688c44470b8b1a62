using System.Collections.Concurrent;
using Allotrope.Kernel;

namespace Allotrope.Arteries;

/// <summary>The zones whose cores run on this node, by name.</summary>
sealed class ZoneDirectory
{
    readonly ConcurrentDictionary<string, RunningZone> _zones = [];

    public IEnumerable<RunningZone> All => _zones.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value);

    /// <summary>The zone that a peer means who names none; <see langword="null"/> unless exactly one runs here.</summary>
    public RunningZone? Only => _zones.Values.Take(2).ToList() is [var only] ? only : null;

    public RunningZone? Find(string name) => _zones.GetValueOrDefault(name);

    /// <exception cref="FaultException">A zone of that name runs here already.</exception>
    public void Add(RunningZone zone)
    {
        if (!_zones.TryAdd(zone.Core.Manifest.Zone, zone))
            throw new FaultException(new Fault.Conflict(
                $"A zone {zone.Core.Manifest.Zone} runs on this node already: take it down, or give this one another name."));
    }

    public void Remove(RunningZone zone) => _zones.TryRemove(KeyValuePair.Create(zone.Core.Manifest.Zone, zone));
}
