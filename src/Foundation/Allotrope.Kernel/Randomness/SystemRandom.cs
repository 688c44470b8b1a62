using System.Security.Cryptography;

namespace Allotrope.Kernel;

/// <summary>The operating system's cryptographic generator. Thread-safe; fit for keys.</summary>
public sealed class SystemRandom : IRandom
{
    public static readonly SystemRandom Instance = new();

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
