using System.Text;

namespace Allotrope.Artery.Client;

/// <summary>What is longer would close the artery, for everything else on it too.</summary>
static class ArteryNames
{
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    public static void Check(string what, string name)
    {
        if (Encoding.UTF8.GetByteCount(name) is var bytes and (0 or > ArteryLimits.NameBytes))
            throw new ArgumentException($"A {what} has {bytes} bytes; 1 to {ArteryLimits.NameBytes} are allowed.", what);
    }
}
