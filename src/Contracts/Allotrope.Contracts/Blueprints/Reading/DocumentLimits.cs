namespace Allotrope.Contracts;

/// <summary>The bounds of a blueprint document, checked while it is read.</summary>
public static class DocumentLimits
{
    /// <summary>
    /// Bytes of a document. The largest published manifests have 10 KiB; a canonical form must fit a bus message beside its signature.
    /// </summary>
    public const int Bytes = 256 * 1024;

    /// <summary>Nested mappings and lists. The model needs nine; the rest is for nested settings.</summary>
    public const int Depth = 32;

    /// <summary>Scalars, mappings and lists together.</summary>
    public const int Nodes = 20_000;

    /// <summary>Components of one blueprint.</summary>
    public const int Components = 500;

    /// <summary>Characters of a key or a name of any kind.</summary>
    public const int KeyLength = 256;

    /// <summary>Characters of one value.</summary>
    public const int ValueLength = 16 * 1024;
}
