using System.Buffers.Binary;
using System.Text;
using Allotrope.Record;

namespace Allotrope.Lattice;

/// <summary>
/// Changes and states of a durable bucket as bytes, little-endian:
/// <code>
/// event "put"     expires:8 key length:2 key value        expires in ticks of 100 ns since 0001-01-01 UTC, 0 for never
/// event "delete"  key
/// snapshot        version:1 ( revision:8 expires:8 key length:2 value length:4 key value )*
/// </code>
/// </summary>
static class BucketCodec
{
    const string Put = "put";
    const string Delete = "delete";
    const byte SnapshotVersion = 1;

    /// <summary>The stream <c>bucket.{name}</c> of the record that holds a durable bucket. The revisions of the two are the same.</summary>
    public static JournalStream<BucketChange> Stream(IRecord record, string name)
    {
        var stream = "bucket." + name;
        return new(record, stream, new(change => Write(change), Read, snapshot => ReadSnapshot(stream, snapshot)));
    }

    public static RecordEvent Write(in BucketChange change)
    {
        if (change.Held is not { Entry.Value: var value, Expires: var expires })
            return new RecordEvent(Delete, Encoding.UTF8.GetBytes(change.Key));
        var keyLength = Encoding.UTF8.GetByteCount(change.Key);
        var data = new byte[sizeof(long) + sizeof(ushort) + keyLength + value.Length];
        var rest = new BucketBytes(data);
        rest.Put(Ticks(expires));
        rest.Put((ushort)keyLength);
        rest.Put(change.Key);
        rest.Put(value.Span);
        return new RecordEvent(Put, data);
    }

    public static BucketChange Read(RecordedEvent recorded)
    {
        var reader = new BucketBytesReader(recorded.Data, recorded.Stream);
        switch (recorded.Type)
        {
            case Put:
                var expires = reader.TakeTime();
                var key = reader.TakeText(reader.TakeUShort());
                return BucketChange.Put(key, reader.TakeRest(), recorded.Revision, expires);
            case Delete:
                return BucketChange.Remove(reader.TakeText(recorded.Data.Length), recorded.Revision);
            default:
                throw reader.Damaged($"has an event of the unknown type {recorded.Type}");
        }
    }

    public static byte[] WriteSnapshot(IReadOnlyCollection<HeldValue> all)
    {
        const int Head = sizeof(long) + sizeof(long) + sizeof(ushort) + sizeof(int);
        var data = new byte[1 + all.Sum(one => (long)Head + Encoding.UTF8.GetByteCount(one.Entry.Key) + one.Entry.Value.Length)];
        data[0] = SnapshotVersion;
        var rest = new BucketBytes(data.AsSpan(1));
        foreach (var (entry, expires) in all)
        {
            rest.Put(entry.Revision);
            rest.Put(Ticks(expires));
            rest.Put((ushort)Encoding.UTF8.GetByteCount(entry.Key));
            rest.Put(entry.Value.Length);
            rest.Put(entry.Key);
            rest.Put(entry.Value.Span);
        }
        return data;
    }

    public static IEnumerable<BucketChange> ReadSnapshot(string stream, RecordSnapshot snapshot)
    {
        var reader = new BucketBytesReader(snapshot.Data, stream);
        if (reader.TakeByte() is var version and not SnapshotVersion)
            throw reader.Damaged($"has a snapshot of the unknown version {version}");
        while (!reader.IsAtEnd)
        {
            var (revision, expires) = (reader.TakeLong(), reader.TakeTime());
            var (keyLength, valueLength) = (reader.TakeUShort(), reader.TakeInt());
            yield return BucketChange.Put(reader.TakeText(keyLength), reader.Take(valueLength), revision, expires);
        }
    }

    static long Ticks(DateTimeOffset? time) => time?.UtcTicks ?? 0;

    /// <summary>What of a buffer of the right size is still to be filled.</summary>
    ref struct BucketBytes(Span<byte> rest)
    {
        Span<byte> _rest = rest;

        public void Put(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
            _rest = _rest[sizeof(long)..];
        }

        public void Put(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_rest, value);
            _rest = _rest[sizeof(int)..];
        }

        public void Put(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_rest, value);
            _rest = _rest[sizeof(ushort)..];
        }

        public void Put(string text) => _rest = _rest[Encoding.UTF8.GetBytes(text, _rest)..];

        public void Put(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_rest);
            _rest = _rest[bytes.Length..];
        }
    }
}
