using System.Collections.Frozen;
using System.Text;

namespace Allotrope.Artery.Client;

/// <summary>The zone's merged state by service and key, as of the last heartbeat.</summary>
/// <param name="Version">As the core counts.</param>
public sealed record ZoneState(long Version, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ArteryData>> Services)
{
    internal static readonly ZoneState Empty = new(0, FrozenDictionary<string, IReadOnlyDictionary<string, ArteryData>>.Empty);

    /// <summary>One value; null when the service or key is not there.</summary>
    public ArteryData this[string service, string key] =>
        Services.TryGetValue(service, out var state) && state.TryGetValue(key, out var value) ? value : ArteryData.Null;

    /// <summary>The whole, as the core answers who asks for it.</summary>
    internal static ZoneState Of(MergedState merged) => Empty.With(merged.Version, new StateChange(0, merged.Services, Full: true));

    /// <summary>The state after a change; a change of another version than this waits for the core to notice what was confirmed.</summary>
    /// <exception cref="ArteryException">It would be larger than a zone's state can be.</exception>
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

        // Each change fits a message, and so must all of them together: the core could not tell the whole otherwise
        if (Bytes(services) > ArteryLimits.ContentBytes)
            throw new ArteryException(CloseCode.TooLarge, $"The zone's state has more than {ArteryLimits.ContentBytes} bytes.");
        return new ZoneState(version, services);
    }

    static long Bytes(Dictionary<string, IReadOnlyDictionary<string, ArteryData>> services)
    {
        var bytes = 0L;
        foreach (var (service, state) in services)
        {
            bytes += Encoding.UTF8.GetByteCount(service) + 1;
            foreach (var (key, value) in state)
                bytes += Encoding.UTF8.GetByteCount(key) + 1 + value.Cbor.Length;
        }

        return bytes;
    }
}
