namespace Allotrope.Blobstore;

/// <summary>What guests may make a provider keep and hold, each bound with its reason.</summary>
public static class BlobstoreLimits
{
    /// <summary>Mebibytes that a provider keeps unless its blueprint says otherwise: what a small disk can spare.</summary>
    public const int CapacityMebibytes = 10 * 1024;

    /// <summary>Bytes of the disk, or a twentieth of a small one, that contents leave to the record of the node: enough for it to go on for days.</summary>
    public const long DiskReserve = 64 * 1024 * 1024;

    /// <summary>Bytes of a name, the usual bound of an object's.</summary>
    public const int NameLength = 1024;

    /// <summary>Objects of one provider: the index is held in memory, a few hundred bytes each.</summary>
    public const int Objects = 100_000;

    /// <summary>Containers of one provider, for the same reason.</summary>
    public const int Containers = 10_000;

    /// <summary>Readers of one provider at once: each holds a file open. Half of them are kept for its links in equal parts.</summary>
    public const int Readers = 1024;

    /// <summary>Uploads of one provider at once, for the same reason.</summary>
    public const int Uploads = 256;

    /// <summary>Characters of the name of a shared store.</summary>
    public const int StoreNameLength = 63;

    /// <summary>How long a reader or an upload is kept of which nothing is heard: whoever had it has probably gone without a word.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of an upload after which it is brought to the disk, so that the last of it does not take long.</summary>
    public const int BytesPerSync = 32 * 1024 * 1024;
}
