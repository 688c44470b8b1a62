namespace Allotrope.Artery.Tests;

/// <summary>What something allocates once it is warm.</summary>
static class Steadily
{
    const int Rounds = 5;

    /// <summary>
    /// The least that any of some rounds allocates on this thread: the runtime itself allocates now and then, as when it compiles a method again.
    /// </summary>
    public static long Allocates(Action round)
    {
        round();
        var least = long.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
