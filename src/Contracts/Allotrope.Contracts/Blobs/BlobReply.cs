namespace Allotrope.Contracts;

/// <summary>What a <see cref="BlobOperation"/> is answered with; what it does not speak of is absent.</summary>
public sealed record BlobReply
{
    /// <summary>When the container was made, or the object written.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Bytes of the object.</summary>
    public long Size { get; init; }

    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Where the next page of names begins; <see langword="null"/> when this was the last.</summary>
    public string? Next { get; init; }

    /// <summary>Of a reader or an upload.</summary>
    public string Id { get; init; } = "";

    /// <summary>Not to be written to.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }
}
