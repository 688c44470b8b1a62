using System.Collections.Immutable;

namespace Allotrope.Blobstore;

/// <summary>What a provider keeps, as of one moment: never changed, so that it is read without a lock while the next one is made.</summary>
sealed class BlobState
{
    public static readonly BlobState Empty = new(ImmutableDictionary<ContainerId, BlobContainer>.Empty, 0);

    BlobState(ImmutableDictionary<ContainerId, BlobContainer> containers, int objects) => (Containers, Objects) = (containers, objects);

    public ImmutableDictionary<ContainerId, BlobContainer> Containers { get; }

    /// <summary>How many there are in all containers.</summary>
    public int Objects { get; }

    public BlobContainer? Find(ContainerId id) => Containers.GetValueOrDefault(id);

    /// <summary>What is there after a change. One that does not fit changes nothing: whoever decided it has looked.</summary>
    /// <param name="change">What happens.</param>
    /// <param name="uses">Told which contents come into use and which go out of it, if it matters.</param>
    public BlobState With(BlobChange change, ContentUses? uses = null)
    {
        var before = Find(change.Container);
        switch (change)
        {
            case BlobChange.Created created when before is null:
                return new(Containers.Add(change.Container, new BlobContainer(created.At, BlobContainer.NoObjects)), Objects);
            case BlobChange.Put put when before is not null:
                if (before.Find(put.Object.Name) is { } old)
                    uses?.Ended.Add(old.Content);
                uses?.Begun.Add(put.Object.Content);
                return With(change.Container, before, before.Objects.Remove(put.Object).Add(put.Object));
            case BlobChange.Removed removed when before is not null:
                var left = before.Objects.ToBuilder();
                foreach (var gone in removed.Names.Select(before.Find).OfType<BlobObject>().Where(left.Remove))
                    uses?.Ended.Add(gone.Content);
                return With(change.Container, before, left.ToImmutable());
            case BlobChange.Cleared when before is not null:
                uses?.Ended.AddRange(before.Objects.Select(each => each.Content));
                return With(change.Container, before, BlobContainer.NoObjects);
            case BlobChange.Deleted when before is not null:
                uses?.Ended.AddRange(before.Objects.Select(each => each.Content));
                return new(Containers.Remove(change.Container), Objects - before.Objects.Count);
            default:
                return this;
        }
    }

    BlobState With(ContainerId id, BlobContainer before, ImmutableSortedSet<BlobObject> objects) =>
        new(Containers.SetItem(id, before with { Objects = objects }), Objects + objects.Count - before.Objects.Count);
}

/// <param name="Store">Which links share has the container.</param>
readonly record struct ContainerId(string Store, string Name);

/// <summary>Contents that came into use, once for each object that has them, and that went out of it.</summary>
sealed class ContentUses
{
    public List<BlobContent> Begun { get; } = [];

    public List<BlobContent> Ended { get; } = [];
}
