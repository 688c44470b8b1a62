using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Artery;

/// <summary>Writes CBOR of the restricted form that <see cref="CborReader"/> reads, every head in its shortest form.</summary>
public readonly ref struct CborWriter(IBufferWriter<byte> output)
{
    readonly IBufferWriter<byte> _output = output;

    public void Null() => Byte(0xf6);

    public void Boolean(bool value) => Byte(value ? (byte)0xf5 : (byte)0xf4);

    public void Integer(long value) => Head(value < 0 ? 1 : 0, value < 0 ? (ulong)(-1 - value) : (ulong)value);

    public void Double(double value)
    {
        var span = _output.GetSpan(9);
        span[0] = 0xfb;
        BinaryPrimitives.WriteDoubleBigEndian(span[1..], value);
        _output.Advance(9);
    }

    public void Text(ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Head(3, (ulong)length);
        if (length > 0)
            _output.Advance(Encoding.UTF8.GetBytes(text, _output.GetSpan(length)));
    }

    public void Utf8(ReadOnlySpan<byte> text)
    {
        Head(3, (ulong)text.Length);
        _output.Write(text);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Head(2, (ulong)bytes.Length);
        _output.Write(bytes);
    }

    /// <summary>Begins an array: exactly so many items follow.</summary>
    public void Array(int items) => Head(4, (ulong)items);

    /// <summary>Begins a map: exactly so many pairs of a text and any item follow.</summary>
    public void Map(int pairs) => Head(5, (ulong)pairs);

    /// <summary>An item that is CBOR already; nothing at all is a null.</summary>
    public void Item(ReadOnlySpan<byte> cbor)
    {
        if (cbor.IsEmpty)
            Null();
        else
            _output.Write(cbor);
    }

    public void TextOrNull(string? text)
    {
        if (text is null)
            Null();
        else
            Text(text);
    }

    void Byte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    void Head(int major, ulong argument)
    {
        var span = _output.GetSpan(9);
        var (width, low) = argument switch
        {
            < 24 => (0, (int)argument),
            <= byte.MaxValue => (1, 24),
            <= ushort.MaxValue => (2, 25),
            <= uint.MaxValue => (4, 26),
            _ => (8, 27),
        };
        span[0] = (byte)((major << 5) | low);
        switch (width)
        {
            case 1: span[1] = (byte)argument; break;
            case 2: BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)argument); break;
            case 4: BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)argument); break;
            case 8: BinaryPrimitives.WriteUInt64BigEndian(span[1..], argument); break;
        }

        _output.Advance(1 + width);
    }
}
