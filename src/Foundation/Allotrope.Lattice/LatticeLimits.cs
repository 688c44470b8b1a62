namespace Allotrope.Lattice;

/// <summary>The bounds of the bus, each with its reason.</summary>
public static class LatticeLimits
{
    /// <summary>Bytes of a subject. NATS servers accept more; nobody can read more.</summary>
    public const int SubjectLength = 255;

    /// <summary>Messages that wait in a subscription; about 64 KiB of references.</summary>
    public const int SubscriptionCapacity = 1024;

    /// <summary>The wasmbus convention: a caller that waits longer has usually given up.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of a bucket key.</summary>
    public const int KeyLength = 255;

    /// <summary>Bytes of a value in a bucket, NATS's default message size.</summary>
    public const int ValueLength = 1024 * 1024;
}
