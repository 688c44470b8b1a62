using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>Where a part puts what it gives back: in the frame of the method that calls it, sixteen bytes for each value.</summary>
[InlineArray(Most * SlotBytes / sizeof(long))]
struct PartResults
{
    /// <summary>Values that a part may give back, locals and what a branch carries together.</summary>
    internal const int Most = 64;

    /// <summary>Of these, values that a branch carries.</summary>
    internal const int MostCarried = 16;

    internal const int SlotBytes = 16;

    long _first;
}
