using System.Collections.Frozen;
using Allotrope.Components;

namespace Allotrope.Wasi.Config;

/// <summary>Configuration that was settled before the guest started: the same values as long as it runs.</summary>
/// <param name="values">All that the guest may see.</param>
public sealed class ConfiguredValues(IEnumerable<KeyValuePair<string, string>> values) : IStore
{
    readonly FrozenDictionary<string, string> _values = values.ToFrozenDictionary(StringComparer.Ordinal);

    public Result<string?, Error> Get(string key) => _values.GetValueOrDefault(key);

    public Result<(string, string)[], Error> GetAll() =>
        _values.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => (each.Key, each.Value)).ToArray();
}
