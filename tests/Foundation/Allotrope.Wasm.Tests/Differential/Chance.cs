namespace Allotrope.Wasm.Tests.Differential;

/// <summary>
/// Randomness as a tree: every part of a module draws from a source of its own, whose number is that of its place. So a part that is left out changes
/// nothing in the others, and a failing module can be made smaller by leaving out parts.
/// </summary>
sealed class Chance(ulong id)
{
    const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    ulong _state = id;
    ulong _children;

    /// <summary>Names the part that draws from here.</summary>
    public ulong Id { get; } = id;

    /// <summary>The next part within this one.</summary>
    public Chance Child() => new(Mix(Id ^ Mix(++_children * Golden)));

    public ulong Bits() => Mix(_state += Golden);

    /// <summary>From 0, and less than <paramref name="end"/>.</summary>
    public int Below(int end) => (int)(Bits() % (ulong)end);

    /// <summary>From <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public int From(int first, int last) => first + Below(last - first + 1);

    public bool OneIn(int count) => Below(count) == 0;

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>SplitMix64 by Steele, Lea and Flood.</summary>
    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
