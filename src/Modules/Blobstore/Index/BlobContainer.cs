using System.Collections.Immutable;

namespace Allotrope.Blobstore;

/// <param name="Objects">In ordinal order of their names.</param>
sealed record BlobContainer(DateTimeOffset CreatedAt, ImmutableSortedSet<BlobObject> Objects)
{
    public static readonly ImmutableSortedSet<BlobObject> NoObjects =
        ImmutableSortedSet.Create<BlobObject>(Comparer<BlobObject>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)));

    public BlobObject? Find(string name) => Objects.TryGetValue(BlobObject.Named(name), out var found) ? found : null;

    /// <summary>The names after one, and where to go on.</summary>
    public (List<string> Names, string? Next) Page(string? after, int most)
    {
        var first = after is null ? 0 : Objects.IndexOf(BlobObject.Named(after));
        first = first < 0 ? ~first : after is null ? first : first + 1;
        List<string> names = [];
        for (var i = first; i < Objects.Count && names.Count < most; i++)
            names.Add(Objects[i].Name);
        return (names, first + names.Count < Objects.Count ? names[^1] : null);
    }
}

/// <summary>What a name stands for: replaced, never changed.</summary>
sealed record BlobObject(string Name, DateTimeOffset CreatedAt, BlobContent Content)
{
    /// <summary>To look for the one of that name.</summary>
    public static BlobObject Named(string name) => new(name, default, BlobContent.None);
}

/// <summary>Bytes in a file, which several objects may have.</summary>
/// <param name="File">Names it.</param>
/// <param name="Digest">SHA-256 of the bytes.</param>
sealed record BlobContent(Guid File, long Size, ReadOnlyMemory<byte> Digest)
{
    public static readonly BlobContent None = new(default, 0, default);
}
