using Allotrope.Kernel;

namespace Allotrope.Blobstore.Tests;

public sealed class CodecTests
{
    static readonly ContainerId Container = new("shop-page:default", "c\0/é");
    static readonly BlobObject Object = new("a", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), new BlobContent(Guid.AllBitsSet, 77, new byte[32]));

    static readonly BlobChange[] Changes =
    [
        new BlobChange.Created(Container, DateTimeOffset.UnixEpoch), new BlobChange.Put(Container, Object), new BlobChange.Removed(Container, ["a", "b"]),
        new BlobChange.Cleared(Container), new BlobChange.Deleted(Container),
    ];

    [Fact]
    public void Changes_are_read_as_they_were_written()
    {
        foreach (var change in Changes)
        {
            var written = BlobCodec.Write(change);
            var again = BlobCodec.Write(BlobCodec.Read(written.Type, written.Data.Span));
            Assert.Equal((written.Type, Convert.ToHexString(written.Data.Span)), (again.Type, Convert.ToHexString(again.Data.Span)));
        }
    }

    [Fact]
    public void A_snapshot_is_read_as_it_was_written()
    {
        var state = State();
        var again = BlobCodec.ReadSnapshot(BlobCodec.WriteSnapshot(state)).Aggregate(BlobState.Empty, (before, change) => before.With(change, new ContentUses()));
        Assert.Equal(BlobCodec.WriteSnapshot(state), BlobCodec.WriteSnapshot(again));
        Assert.Equal(2, again.Objects);
    }

    [Fact]
    public void Anything_else_is_damaged_and_nothing_worse()
    {
        var random = new Random(20260105);
        var snapshot = BlobCodec.WriteSnapshot(State());
        for (var round = 0; round < 20_000; round++)
        {
            var change = BlobCodec.Write(Changes[random.Next(Changes.Length)]);
            Holds(() => BlobCodec.Read(random.Next(8) == 0 ? "put" : change.Type, Mutated(random, change.Data.ToArray())));
            Holds(() => BlobCodec.ReadSnapshot(Mutated(random, [.. snapshot])));
        }
    }

    static BlobState State() => new BlobChange[] { Changes[0], Changes[1], new BlobChange.Put(Container, Object with { Name = "b" }) }
        .Aggregate(BlobState.Empty, (before, change) => before.With(change, new ContentUses()));

    static byte[] Mutated(Random random, byte[] bytes)
    {
        for (var flips = random.Next(4); flips >= 0; flips--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    static void Holds(Func<object> read)
    {
        try
        {
            read();
        }
        catch (FaultException error)
        {
            Assert.IsType<Fault.Damaged>(error.Fault);
        }
    }
}
