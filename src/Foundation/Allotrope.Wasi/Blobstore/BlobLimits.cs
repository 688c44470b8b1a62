namespace Allotrope.Wasi.Blobstore;

/// <summary>What guests may make a store in memory hold.</summary>
public sealed record BlobLimits
{
    public int Containers { get; init; } = 64;

    /// <summary>Objects in one container.</summary>
    public int Objects { get; init; } = 4096;

    /// <summary>Bytes of one object: also what the host holds of one that is being written.</summary>
    public int ObjectBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of all objects together; and once more of what guests are writing or reading.</summary>
    public long TotalBytes { get; init; } = 256L << 20;

    /// <summary>Characters of a name.</summary>
    public int Name { get; init; } = 1024;
}
