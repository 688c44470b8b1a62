using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Kernel;

/// <summary>
/// Writes MessagePack (the specification of msgpack.org) to <paramref name="output"/>, each value in its shortest form, allocating nothing itself.
/// Headers are the caller's promise: as many values must follow as they say.
/// </summary>
public readonly ref struct MessagePackWriter(IBufferWriter<byte> output)
{
    readonly IBufferWriter<byte> _output = output;

    public void WriteNil() => Raw(0xc0);

    public void Write(bool value) => Raw(value ? (byte)0xc3 : (byte)0xc2);

    public void Write(long value)
    {
        if (value >= 0)
            Write((ulong)value);
        else if (value >= -32)
            Raw((byte)value);
        else if (value >= sbyte.MinValue)
            Coded(0xd0, (ulong)value, size: 1);
        else if (value >= short.MinValue)
            Coded(0xd1, (ulong)value, size: 2);
        else if (value >= int.MinValue)
            Coded(0xd2, (ulong)value, size: 4);
        else
            Coded(0xd3, (ulong)value, size: 8);
    }

    public void Write(int value) => Write((long)value);

    public void Write(ulong value)
    {
        if (value <= 0x7f)
            Raw((byte)value);
        else if (value <= byte.MaxValue)
            Coded(0xcc, value, size: 1);
        else if (value <= ushort.MaxValue)
            Coded(0xcd, value, size: 2);
        else if (value <= uint.MaxValue)
            Coded(0xce, value, size: 4);
        else
            Coded(0xcf, value, size: 8);
    }

    public void Write(double value) => Coded(0xcb, BitConverter.DoubleToUInt64Bits(value), size: 8);

    public void Write(float value) => Coded(0xca, BitConverter.SingleToUInt32Bits(value), size: 4);

    /// <summary>A string; a lone surrogate in it becomes U+FFFD.</summary>
    public void Write(ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        StringHeader(length);
        Encoding.UTF8.GetBytes(text, _output.GetSpan(length));
        _output.Advance(length);
    }

    /// <summary>A string whose UTF-8 bytes the caller already has.</summary>
    public void WriteUtf8(ReadOnlySpan<byte> text)
    {
        StringHeader(text.Length);
        _output.Write(text);
    }

    public void WriteBinary(ReadOnlySpan<byte> bytes)
    {
        var length = (uint)bytes.Length;
        if (length <= byte.MaxValue)
            Coded(0xc4, length, size: 1);
        else if (length <= ushort.MaxValue)
            Coded(0xc5, length, size: 2);
        else
            Coded(0xc6, length, size: 4);

        _output.Write(bytes);
    }

    /// <param name="type">0 to 127 for applications, negative ones are the specification's.</param>
    public void WriteExtension(sbyte type, ReadOnlySpan<byte> bytes)
    {
        var length = (uint)bytes.Length;
        if (length is 1 or 2 or 4 or 8 or 16)
            Raw((byte)(0xd4 + uint.Log2(length)));
        else if (length <= byte.MaxValue)
            Coded(0xc7, length, size: 1);
        else if (length <= ushort.MaxValue)
            Coded(0xc8, length, size: 2);
        else
            Coded(0xc9, length, size: 4);

        Raw((byte)type);
        _output.Write(bytes);
    }

    /// <param name="count">How many values follow as elements.</param>
    public void WriteArrayHeader(int count) => CollectionHeader(count, fix: 0x90, code: 0xdc);

    /// <param name="count">How many pairs of key and value follow.</param>
    public void WriteMapHeader(int count) => CollectionHeader(count, fix: 0x80, code: 0xde);

    void CollectionHeader(int count, byte fix, byte code)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count <= 15)
            Raw((byte)(fix | count));
        else if (count <= ushort.MaxValue)
            Coded(code, (ulong)count, size: 2);
        else
            Coded((byte)(code + 1), (ulong)count, size: 4);
    }

    void StringHeader(int length)
    {
        if (length <= 31)
            Raw((byte)(0xa0 | length));
        else if (length <= byte.MaxValue)
            Coded(0xd9, (ulong)length, size: 1);
        else if (length <= ushort.MaxValue)
            Coded(0xda, (ulong)length, size: 2);
        else
            Coded(0xdb, (ulong)length, size: 4);
    }

    void Raw(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    // A code and the low `size` bytes of the value, most significant first.
    void Coded(byte code, ulong value, int size)
    {
        var span = _output.GetSpan(1 + sizeof(ulong));
        span[0] = code;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value << (8 * (sizeof(ulong) - size)));
        _output.Advance(1 + size);
    }
}
