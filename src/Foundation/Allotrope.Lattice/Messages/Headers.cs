using System.Collections;

namespace Allotrope.Lattice;

/// <summary>The headers of a message in order; names compare without regard to case, a name may repeat. Immutable.</summary>
public sealed class Headers(params IReadOnlyList<KeyValuePair<string, string>> pairs) : IReadOnlyList<KeyValuePair<string, string>>
{
    public int Count => pairs.Count;

    public KeyValuePair<string, string> this[int index] => pairs[index];

    /// <summary>The first value of <paramref name="name"/>, or <see langword="null"/>.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in pairs)
                if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                    return value;
            return null;
        }
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
