using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Wasm;

/// <summary>
/// Writes snapshots and records: numbers as unsigned LEB128, bits little-endian, and lengths before what they count. The same state gives the same
/// bytes on every machine.
/// </summary>
sealed class StateWriter
{
    readonly ArrayBufferWriter<byte> _bytes = new();

    internal ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    internal int Length => _bytes.WrittenCount;

    internal void Number(ulong value)
    {
        var room = _bytes.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            room[length++] = (byte)(value | 0x80);
        room[length++] = (byte)value;
        _bytes.Advance(length);
    }

    internal void Number(long value) => Number(checked((ulong)value));

    /// <summary>A number of either sign: small ones of both are short.</summary>
    internal void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    internal void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    internal void Bits(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
    }

    /// <summary>Bytes whose number the reader knows.</summary>
    internal void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    internal void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        Raw(bytes);
    }

    internal void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    internal void Clear() => _bytes.ResetWrittenCount();
}
