using System.Text;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>
/// The newest values of one service as CBOR items, each with the zone's version at which it changed; a null is a key that was removed.
/// </summary>
sealed class ServiceState
{
    readonly SortedDictionary<string, (ReadOnlyMemory<byte> Value, long Version)> _values = new(StringComparer.Ordinal);

    /// <summary>The life of the service that reported last.</summary>
    public long Epoch { get; set; }

    /// <summary>The service's own version of its last report.</summary>
    public long Reported { get; set; }

    /// <summary>Of keys and values together.</summary>
    public int Bytes { get; private set; }

    /// <summary>Nothing is known of it, nor is there a removal to be told.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>The service is gone for good; only what it had is still to be told as removed.</summary>
    public bool IsGone { get; set; }

    /// <summary>The keys that have a value.</summary>
    public IEnumerable<string> Keys => _values.Where(pair => !IsRemoved(pair.Value.Value)).Select(pair => pair.Key);

    public static bool IsRemoved(ReadOnlyMemory<byte> value) => value.IsEmpty || value.Span.SequenceEqual(StateMap.Removed.Span);

    public static int SizeOf(string key, ReadOnlyMemory<byte> value) => IsRemoved(value) ? 0 : 1 + Encoding.UTF8.GetByteCount(key) + value.Length;

    /// <summary>The CBOR item under a key; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Find(string key) => _values.GetValueOrDefault(key).Value;

    public int SizeOf(string key) => _values.TryGetValue(key, out var held) ? SizeOf(key, held.Value) : 0;

    /// <summary>Sets or removes a key.</summary>
    /// <returns>False when that changes nothing.</returns>
    public bool Set(string key, ReadOnlyMemory<byte> value, long version)
    {
        var held = _values.TryGetValue(key, out var found) ? found.Value : StateMap.Removed;
        if (held.Span.SequenceEqual(value.Span))
            return false;
        Bytes += SizeOf(key, value) - SizeOf(key);
        _values[key] = (value, version);
        return true;
    }

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Since(long version, bool withRemoved) => _values
        .Where(pair => pair.Value.Version > version && (withRemoved || !IsRemoved(pair.Value.Value)))
        .ToDictionary(pair => pair.Key, pair => pair.Value.Value);

    public void ForgetRemoved()
    {
        foreach (var key in _values.Where(pair => IsRemoved(pair.Value.Value)).Select(pair => pair.Key).ToList())
            _values.Remove(key);
    }
}
