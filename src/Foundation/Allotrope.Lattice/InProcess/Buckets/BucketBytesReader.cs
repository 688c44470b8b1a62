using System.Buffers.Binary;
using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>Takes a bucket's stored bytes apart; what does not fit is <see cref="Fault.Damaged"/>.</summary>
sealed class BucketBytesReader(ReadOnlyMemory<byte> bytes, string stream)
{
    ReadOnlyMemory<byte> _rest = bytes;

    public bool IsAtEnd => _rest.IsEmpty;

    public byte TakeByte() => Take(1).Span[0];

    public ushort TakeUShort() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)).Span);

    public int TakeInt() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span);

    public long TakeLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)).Span);

    /// <summary>A point in time in ticks since 0001-01-01 UTC; 0 stands for none.</summary>
    public DateTimeOffset? TakeTime() => TakeLong() switch
    {
        0 => null,
        < 0 => throw Damaged("has a time before all time"),
        var ticks when ticks > DateTimeOffset.MaxValue.Ticks => throw Damaged("has a time after all time"),
        var ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
    };

    public string TakeText(int length) => Encoding.UTF8.GetString(Take(length).Span);

    public ReadOnlyMemory<byte> TakeRest() => Take(_rest.Length);

    public ReadOnlyMemory<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
            throw Damaged($"ends {(long)length - _rest.Length} bytes early");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    /// <param name="what">Follows the name of the stream: <c>ends early</c>.</param>
    public FaultException Damaged(string what) => new(new Fault.Damaged(
        $"Stream {stream} of the record {what}: restore the record from a backup, or start the newest Allotrope."));
}
