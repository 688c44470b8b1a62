using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Allotrope.Record;

/// <summary>
/// CRC-32C (RFC 3720, appendix B.4) over everything a row says. SQLite checks the shape of its pages but not their content; this finds the flipped
/// bit in an event.
/// </summary>
static class Checksum
{
    public static uint Of(long stream, long revision, long time, string type, ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        crc = BitOperations.Crc32C(crc, (ulong)stream);
        crc = BitOperations.Crc32C(crc, (ulong)revision);
        crc = BitOperations.Crc32C(crc, (ulong)time);
        crc = Add(crc, MemoryMarshal.AsBytes(type.AsSpan()));
        return ~Add(crc, data);
    }

    static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
