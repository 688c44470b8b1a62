namespace Allotrope.Blobstore;

/// <summary>The names of the contract and of this implementation of it.</summary>
public static class BlobstoreContract
{
    public const string Id = "wasmcloud:blobstore";

    /// <summary>The image of the provider that is part of the node.</summary>
    public const string Image = "builtin:blobstore";

    /// <summary>The provider's setting that says how much it keeps at most, such as <c>20Gi</c>.</summary>
    public const string Capacity = "capacity";

    /// <summary>The setting of a link that names a store for several links to share, instead of one of their own.</summary>
    public const string Store = "store";

    /// <summary>The setting of a link that lists the containers it reaches, separated by commas; without it, it reaches all.</summary>
    public const string Containers = "containers";

    /// <summary>The setting of a link that says what may be done: <see cref="ReadOnly"/> or <see cref="ReadWrite"/>.</summary>
    public const string Access = "access";

    public const string ReadOnly = "read-only";

    /// <summary>What a link may do that does not say.</summary>
    public const string ReadWrite = "read-write";
}
