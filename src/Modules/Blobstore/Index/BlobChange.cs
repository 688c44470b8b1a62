namespace Allotrope.Blobstore;

/// <summary>What happened to a container; one event of the record, which is there wholly or not at all.</summary>
abstract record BlobChange(ContainerId Container)
{
    public sealed record Created(ContainerId Container, DateTimeOffset At) : BlobChange(Container);

    public sealed record Deleted(ContainerId Container) : BlobChange(Container);

    public sealed record Cleared(ContainerId Container) : BlobChange(Container);

    public sealed record Put(ContainerId Container, BlobObject Object) : BlobChange(Container);

    public sealed record Removed(ContainerId Container, IReadOnlyList<string> Names) : BlobChange(Container);
}
