namespace Allotrope.KeyValue;

/// <summary>Keys, separated by commas; one that ends with <c>*</c> stands for all that begin with what is before it.</summary>
sealed class KeyFilter(string keys)
{
    readonly string[] _keys = Split(keys);

    public static string[] Split(string keys) => keys.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public bool Has(string key) => Array.Exists(_keys, one => one.EndsWith('*') ? key.AsSpan().StartsWith(one.AsSpan(..^1)) : key == one);
}
