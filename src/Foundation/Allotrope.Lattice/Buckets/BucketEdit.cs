namespace Allotrope.Lattice;

/// <summary>What a change makes of a key, see <see cref="IBucket.ChangeAsync"/>.</summary>
public readonly struct BucketEdit
{
    BucketEdit(EditKind kind, ReadOnlyMemory<byte> value) => (Kind, Value) = (kind, value);

    /// <summary>Leaves the key as it is, present or absent.</summary>
    public static BucketEdit Keep => default;

    /// <summary>Deletes the key if it is present.</summary>
    public static BucketEdit Delete => new(EditKind.Delete, default);

    internal EditKind Kind { get; }

    internal ReadOnlyMemory<byte> Value { get; }

    /// <summary>Gives the key this value. The memory is shared, and never written again.</summary>
    public static BucketEdit Put(ReadOnlyMemory<byte> value) => new(EditKind.Put, value);

    /// <summary>The same edit with what <paramref name="change"/> makes of the value, if it gives the key one.</summary>
    public BucketEdit Map(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> change) => Kind == EditKind.Put ? Put(change(Value)) : this;
}

enum EditKind
{
    Keep,
    Delete,
    Put,
}
