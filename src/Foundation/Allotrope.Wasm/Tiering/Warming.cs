namespace Allotrope.Wasm;

/// <summary>When functions that begin interpreted are compiled.</summary>
/// <param name="Threshold">Calls and loop iterations after which a function is wanted compiled: an interpreted one takes some tens of nanoseconds a
/// step then, and making machine code of it about a millisecond.</param>
/// <param name="IsAtOnce">Whether the guest's thread compiles it there and then, for tests: so it is always the same call that changes over.</param>
/// <param name="Seed">Not zero for tests: each function has a threshold of its own up to the one above.</param>
sealed record Warming(int Threshold, bool IsAtOnce = false, uint Seed = 0)
{
    internal static Warming Default { get; } = new(Threshold: 600);

    /// <summary>Calls and iterations between two looks whether the code is there.</summary>
    internal int Interval => IsAtOnce ? (int)(Seed % 7) : 256;

    internal int ThresholdOf(int function) => Seed == 0 ? Threshold : (int)((((uint)function + 1) * Seed * 2_654_435_761) >> 7) % Threshold;
}
