namespace Allotrope.Contracts;

/// <summary>What a workload asks of a blobstore provider on <see cref="Subjects.Blobs"/>. The answer is a <see cref="BlobReply"/>.</summary>
/// <param name="Origin">The calling workload.</param>
/// <param name="LinkName">Which of its links to the provider; it decides whose objects they are.</param>
public sealed record BlobCall(string Origin, string LinkName, BlobOperation Operation)
{
    /// <summary>Bytes of an object in one call or answer at most: it passes through memory whole.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Names in one call or answer at most, of a MiB together.</summary>
    public const int MostNames = 1000;
}
