using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>One life of an origin: which of its numbers the core has seen, and how many it never will.</summary>
sealed class OriginRun(Origin origin)
{
    long _seen;

    public Origin Origin => origin;

    /// <summary>Everything up to this number was seen or counts as <see cref="Unknown"/>.</summary>
    public long High { get; private set; }

    public long Unknown { get; private set; }

    /// <summary>Counts a number that has arrived.</summary>
    /// <returns>False when it was there before: it must not be delivered again.</returns>
    public bool See(long sequence)
    {
        if (sequence <= _seen)
            return false;
        _seen = sequence;
        if (sequence <= High)
            Unknown--; // given up by Expect, and here after all
        else
        {
            Unknown += sequence - High - 1;
            High = sequence;
        }
        return true;
    }

    /// <summary>The origin says which number comes next: what is missing before it will not come.</summary>
    public void Expect(long next)
    {
        if (next - 1 <= High)
            return;
        Unknown += next - 1 - High;
        High = next - 1;
    }
}
