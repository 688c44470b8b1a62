namespace Allotrope.Kernel;

/// <summary>Where random bytes come from: the system in production, a seeded stream in simulation and tests.</summary>
public interface IRandom
{
    /// <summary>Fills <paramref name="destination"/> completely.</summary>
    void Fill(Span<byte> destination);
}
