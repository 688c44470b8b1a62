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

    /// <summary>Requests within requests on one stack. Modules that call each other are a few deep; a circle of them has no end.</summary>
    public const int RequestDepth = 100;

    /// <summary>Bytes of a bucket key.</summary>
    public const int KeyLength = 255;

    /// <summary>Bytes of a value in a bucket, NATS's default message size.</summary>
    public const int ValueLength = 1024 * 1024;

    /// <summary>Bytes of all keys and values of one bucket, which is kept in memory.</summary>
    public const long BucketLength = 256 * 1024 * 1024;

    /// <summary>Characters of a bucket's name: NATS's bound for a stream, less its prefix.</summary>
    public const int BucketNameLength = 240;

    /// <summary>Keys whose change a watcher has not read before the watch is given up: far more than any bucket of a node has.</summary>
    public const int WatchBacklog = 64 * 1024;

    /// <summary>Bytes of a stream beside a message that wait to be read: enough that both sides work at once, and what a socket's buffer holds.</summary>
    public const int StreamCapacity = 64 * 1024;
}
