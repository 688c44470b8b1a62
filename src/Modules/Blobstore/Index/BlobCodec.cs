using System.Buffers;
using System.Collections.Immutable;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Blobstore;

/// <summary>
/// Changes and states as MessagePack:
/// <code>
/// event     store, container, then by its type:  created: time   deleted, cleared: nothing   put: object   removed: names
/// snapshot  version, ( store, container, time, objects )*
/// object    name, time, size, file (16 bytes), digest (32 bytes)        times in ticks of 100 ns since 0001-01-01 UTC
/// </code>
/// </summary>
static class BlobCodec
{
    const string Created = "created", Deleted = "deleted", Cleared = "cleared", Put = "put", Removed = "removed";
    const int SnapshotVersion = 1, FileLength = 16, DigestLength = 32;

    public static JournalCodec<BlobChange> Journal { get; } = new(Write, one => Read(one.Type, one.Data.Span), snapshot => ReadSnapshot(snapshot.Data.Span));

    public static RecordEvent Write(BlobChange change)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        Write(writer, change.Container);
        switch (change)
        {
            case BlobChange.Created created:
                writer.Write(created.At.UtcTicks);
                return new(Created, output.WrittenMemory);
            case BlobChange.Put put:
                Write(writer, put.Object);
                return new(Put, output.WrittenMemory);
            case BlobChange.Removed removed:
                writer.WriteArrayHeader(removed.Names.Count);
                foreach (var name in removed.Names)
                    writer.Write(name);
                return new(Removed, output.WrittenMemory);
            default:
                return new(change is BlobChange.Cleared ? Cleared : Deleted, output.WrittenMemory);
        }
    }

    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> for what <see cref="Write(BlobChange)"/> never wrote.</exception>
    public static BlobChange Read(string type, ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new MessagePackReader(data);
            var container = ReadContainer(ref reader);
            BlobChange change = type switch
            {
                Created => new BlobChange.Created(container, ReadTime(ref reader)),
                Deleted => new BlobChange.Deleted(container),
                Cleared => new BlobChange.Cleared(container),
                Put => new BlobChange.Put(container, ReadObject(ref reader)),
                Removed => new BlobChange.Removed(container, ReadNames(ref reader)),
                _ => throw Damaged($"an event of the unknown type {type}"),
            };
            return reader.End ? change : throw Damaged($"bytes behind an event, at byte {reader.Position}");
        }
        catch (FaultException error) when (error.Fault is Fault.Invalid)
        {
            throw Damaged(error.Fault.Message);
        }
    }

    public static byte[] WriteSnapshot(BlobState state)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.Write(SnapshotVersion);
        foreach (var (id, container) in state.Containers)
        {
            Write(writer, id);
            writer.Write(container.CreatedAt.UtcTicks);
            writer.WriteArrayHeader(container.Objects.Count);
            foreach (var each in container.Objects)
                Write(writer, each);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> for what <see cref="WriteSnapshot"/> never wrote.</exception>
    public static List<BlobChange> ReadSnapshot(ReadOnlySpan<byte> data)
    {
        try
        {
            List<BlobChange> changes = [];
            var reader = new MessagePackReader(data);
            if (reader.ReadInt32() is var version and not SnapshotVersion)
                throw Damaged($"a snapshot of the unknown version {version}");
            while (!reader.End)
            {
                var container = ReadContainer(ref reader);
                changes.Add(new BlobChange.Created(container, ReadTime(ref reader)));
                for (var count = reader.ReadArrayHeader(); count > 0; count--)
                    changes.Add(new BlobChange.Put(container, ReadObject(ref reader)));
            }
            return changes;
        }
        catch (FaultException error) when (error.Fault is Fault.Invalid)
        {
            throw Damaged(error.Fault.Message);
        }
    }

    static void Write(MessagePackWriter writer, ContainerId id)
    {
        writer.Write(id.Store);
        writer.Write(id.Name);
    }

    static void Write(MessagePackWriter writer, BlobObject one)
    {
        writer.Write(one.Name);
        writer.Write(one.CreatedAt.UtcTicks);
        writer.Write(one.Content.Size);
        writer.WriteBinary(one.Content.File.ToByteArray());
        writer.WriteBinary(one.Content.Digest.Span);
    }

    static ContainerId ReadContainer(ref MessagePackReader reader) => new(reader.ReadString(), reader.ReadString());

    static BlobObject ReadObject(ref MessagePackReader reader)
    {
        var (name, created, size) = (reader.ReadString(), ReadTime(ref reader), reader.ReadInt64());
        var file = reader.ReadBinary();
        var digest = reader.ReadBinary();
        if (size < 0 || file.Length != FileLength || digest.Length != DigestLength)
            throw Damaged($"an object of {size} bytes with a file of {file.Length} and a digest of {digest.Length}");
        return new(name, created, new BlobContent(new Guid(file), size, digest.ToArray()));
    }

    static ImmutableArray<string> ReadNames(ref MessagePackReader reader)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        for (var count = reader.ReadArrayHeader(); count > 0; count--)
            names.Add(reader.ReadString());
        return names.ToImmutable();
    }

    static DateTimeOffset ReadTime(ref MessagePackReader reader)
    {
        var ticks = reader.ReadInt64();
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new(ticks, TimeSpan.Zero) : throw Damaged($"the time {ticks}, which is none");
    }

    static FaultException Damaged(string what) => new(new Fault.Damaged($"The index of objects in the record holds {what}: restore the data folder from a backup."));
}
