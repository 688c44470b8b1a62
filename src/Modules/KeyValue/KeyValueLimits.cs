namespace Allotrope.KeyValue;

/// <summary>What a guest may ask for, each bound with its reason.</summary>
public static class KeyValueLimits
{
    /// <summary>Bytes of a key, the usual bound of an object's name.</summary>
    public const int KeyLength = 1024;

    /// <summary>Bytes of a value, and of all items of a list or set: they are rewritten whole, and a bucket takes 1 MiB.</summary>
    public const int ValueLength = 1000 * 1000;

    /// <summary>Sets in one union or intersection.</summary>
    public const int SetsPerQuery = 256;

    /// <summary>Keys of one batch: as many writes may wait for the disk.</summary>
    public const int KeysPerBatch = 1000;

    /// <summary>Bytes of all values of one batch.</summary>
    public const int BatchLength = 16 * 1024 * 1024;

    /// <summary>Keys in one answer, of a MiB at most.</summary>
    public const int KeysPerPage = 1000;

    /// <summary>Keys, or beginnings of keys, that one link watches: each is compared with every key that changes.</summary>
    public const int WatchedKeys = 64;

    /// <summary>Characters of the name of a shared bucket.</summary>
    public const int BucketNameLength = 63;
}
