namespace Allotrope.KeyValue;

/// <summary>The names of the contract and of this implementation of it.</summary>
public static class KeyValueContract
{
    /// <summary>What an actor's claims and a blueprint's capability name.</summary>
    public const string Id = "wasmcloud:keyvalue";

    /// <summary>The image of the provider that is part of the node.</summary>
    public const string Image = "builtin:keyvalue";

    /// <summary>The link value that names a bucket for several links to share, instead of one of their own.</summary>
    public const string BucketValue = "bucket";
}
