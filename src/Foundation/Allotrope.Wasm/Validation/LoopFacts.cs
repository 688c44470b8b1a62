namespace Allotrope.Wasm;

/// <summary>What is known of a loop before it is compiled.</summary>
/// <param name="At">Where it begins in the module.</param>
/// <param name="Assigned">The locals that may change in it, a bit for each as <see cref="Bit"/> says.</param>
readonly record struct LoopFacts(int At, ulong Assigned) : IComparable<LoopFacts>
{
    /// <summary>The last bit stands for all further locals.</summary>
    internal static ulong Bit(int local) => 1UL << Math.Min(local, 63);

    public int CompareTo(LoopFacts other) => At.CompareTo(other.At);
}
