using System.Text;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>
/// The merged state of a zone: for each service its newest values. A version is the time of the change in microseconds, made strictly larger than the
/// one before, so that it also says when the state was last updated and grows over restarts of the core.
/// </summary>
sealed class ZoneState(TimeProvider time)
{
    /// <summary>Removed keys that are remembered to be told; with more, whoever has confirmed less than all gets everything again.</summary>
    const int Removals = 4096;

    readonly SortedDictionary<string, ServiceState> _services = new(StringComparer.Ordinal);
    int _removals;
    long _forgotten;

    public long Version { get; private set; }

    /// <summary>Of all services together.</summary>
    public int Bytes { get; private set; }

    /// <summary>Merges what a service reports.</summary>
    /// <returns>False when it is older than what is known.</returns>
    /// <exception cref="ArteryException">The state is larger than a service's may be.</exception>
    public bool Merge(Origin service, StateReport report)
    {
        if (!_services.TryGetValue(service.Name, out var state))
            _services.Add(service.Name, state = new ServiceState());
        if (state.Epoch > service.Epoch || (state.Epoch == service.Epoch && state.Reported > report.Version))
            return false;
        var bytes = report.Full ? 0 : state.Bytes;
        foreach (var (key, value) in report.State)
            bytes += ServiceState.SizeOf(key, value) - (report.Full ? 0 : state.SizeOf(key));
        if (bytes > ArteryLimits.StateBytes)
            throw new ArteryException(
                CloseCode.TooLarge, $"The state of {service.Name} would have {bytes} bytes; at most {ArteryLimits.StateBytes} are allowed.");

        if (Bytes - state.Bytes + bytes > ArteryLimits.ZoneStateBytes)
            throw new ArteryException(
                CloseCode.TooLarge, $"The zone's state has no room for the {bytes} bytes of {service.Name}; at most {ArteryLimits.ZoneStateBytes} are allowed.");

        (state.IsGone, state.Epoch, state.Reported) = (false, service.Epoch, report.Version);
        var next = Math.Max(Version + 1, ArteryTime.Now(time));
        if (Apply(state, report, next))
            Version = next;
        return true;
    }

    /// <summary>A service is gone for good: all it had is removed.</summary>
    public void Forget(string service)
    {
        if (!_services.TryGetValue(service, out var state))
            return;
        state.IsGone = true;
        if (state.IsEmpty)
            _services.Remove(service);
        else if (state.Keys.ToList() is { Count: > 0 } keys)
        {
            Version = Math.Max(Version + 1, ArteryTime.Now(time));
            foreach (var key in keys)
                Set(state, key, StateMap.Removed, Version);
            ForgetRemovals(Version);
        }
    }

    /// <summary>The text that a service has under a key, cut to <paramref name="most"/> bytes; <see langword="null"/> when it has none.</summary>
    public string? TextOf(string service, string key, int most)
    {
        if (_services.GetValueOrDefault(service)?.Find(key) is not { IsEmpty: false } value)
            return null;
        var cbor = new CborReader(value.Span);
        if (cbor.Peek() != CborKind.Text)
            return null;
        var text = cbor.ReadUtf8();
        return PlainText.Of(Encoding.UTF8.GetString(text[..Math.Min(text.Length, most)]));
    }

    /// <summary>What has changed since <paramref name="confirmed"/>; everything when that is 0 or too long ago.</summary>
    public StateChange Since(long confirmed)
    {
        var full = confirmed == 0 || confirmed < _forgotten;
        var changes = new SortedDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>(StringComparer.Ordinal);
        foreach (var (service, state) in _services)
        {
            var values = state.Since(full ? 0 : confirmed, withRemoved: !full);
            if (values.Count > 0)
                changes.Add(service, values);
        }
        return new StateChange(full ? 0 : confirmed, changes, full);
    }

    bool Apply(ServiceState state, StateReport report, long version)
    {
        var changed = false;
        if (report.Full)
            foreach (var key in state.Keys.Where(key => !report.State.ContainsKey(key)).ToList())
                changed |= Set(state, key, StateMap.Removed, version);
        foreach (var (key, value) in report.State)
            changed |= Set(state, key, value, version);
        ForgetRemovals(version);
        return changed;
    }

    void ForgetRemovals(long version)
    {
        if (_removals > Removals)
        {
            foreach (var (service, state) in _services.ToList())
            {
                state.ForgetRemoved();
                if (state is { IsGone: true, IsEmpty: true })
                    _services.Remove(service);
            }
            (_removals, _forgotten) = (0, version);
        }
    }

    bool Set(ServiceState state, string key, ReadOnlyMemory<byte> value, long version)
    {
        var before = state.Bytes;
        if (!state.Set(key, value, version))
            return false;
        Bytes += state.Bytes - before;
        if (ServiceState.IsRemoved(value))
            _removals++;
        return true;
    }
}
