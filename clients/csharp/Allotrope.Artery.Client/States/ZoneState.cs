using System.Collections.Frozen;

namespace Allotrope.Artery.Client;

/// <summary>The zone's merged state by service and key, as of the last heartbeat.</summary>
/// <param name="Version">As the core counts.</param>
public sealed record ZoneState(long Version, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ArteryData>> Services)
{
    internal static readonly ZoneState Empty = new(0, FrozenDictionary<string, IReadOnlyDictionary<string, ArteryData>>.Empty);

    /// <summary>One value; null when the service or key is not there.</summary>
    public ArteryData this[string service, string key] =>
        Services.TryGetValue(service, out var state) && state.TryGetValue(key, out var value) ? value : ArteryData.Null;

    /// <summary>The state after a change; a change of another version than this waits for the core to notice what was confirmed.</summary>
    internal ZoneState With(long version, StateChange change)
    {
        if (!change.Full && change.From != Version)
            return this;
        var services = change.Full ? [] : new Dictionary<string, IReadOnlyDictionary<string, ArteryData>>(Services);
        foreach (var (service, changes) in change.Services)
        {
            var state = services.TryGetValue(service, out var before) ? new Dictionary<string, ArteryData>(before) : [];
            foreach (var (key, value) in changes)
            {
                if (value.Span.SequenceEqual(StateMap.Removed.Span))
                    state.Remove(key);
                else
                    state[key] = ArteryData.OfItem(value);
            }

            services[service] = state;
        }

        return new ZoneState(version, services);
    }
}
