namespace Allotrope.KeyValue;

/// <summary>The names of the contract and of this implementation of it.</summary>
public static class KeyValueContract
{
    /// <summary>What an actor's claims and a blueprint's capability name.</summary>
    public const string Id = "wasmcloud:keyvalue";

    /// <summary>The image of the provider that is part of the node.</summary>
    public const string Image = "builtin:keyvalue";

    /// <summary>By which the provider tells components of changes.</summary>
    public const string Watcher = "wasi:keyvalue/watcher";

    /// <summary>The link value that names a bucket for several links to share, instead of one of their own; of a link for <see cref="Watcher"/>, the one watched.</summary>
    public const string BucketValue = "bucket";

    /// <summary>Of a link for <see cref="Watcher"/>: of which keys, separated by commas, a last <c>*</c> standing for the rest of each; all without it.</summary>
    public const string KeysValue = "keys";
}
