namespace Allotrope.Wasm;

/// <summary>
/// Ranges of addresses for guarded memories that are in nobody's use: cleared, and ready to be used again. To take one away and reserve another costs four
/// times what clearing it does.
/// </summary>
static class SpareReservations
{
    /// <summary>More than instances that usually end between two starts; addresses are all that a spare one takes.</summary>
    const int Most = 32;

    static readonly Lock Gate = new();
    static readonly Stack<nint> Spare = new(Most);

    /// <summary>Null when there is none.</summary>
    internal static nint? TryTake()
    {
        lock (Gate)
            return Spare.TryPop(out var start) ? start : null;
    }

    /// <summary>False when there are enough: then it is the caller's to give back.</summary>
    internal static bool TryKeep(nint start)
    {
        lock (Gate)
        {
            if (Spare.Count == Most)
                return false;
            Spare.Push(start);
            return true;
        }
    }
}
