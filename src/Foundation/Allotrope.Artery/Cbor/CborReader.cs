using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Allotrope.Artery;

/// <summary>
/// Reads CBOR (RFC 8949) of the restricted form: null, booleans, integers of 64 bits, 64-bit floats, text, byte strings, arrays and maps with text
/// keys, of definite length. Nothing is allocated but the strings asked for, and nothing recurses, whatever the input.
/// </summary>
/// <remarks>Every method throws <see cref="ArteryException"/> with <see cref="CloseCode.Malformed"/> where the input is not what is asked
/// for.</remarks>
public ref struct CborReader(ReadOnlySpan<byte> source)
{
    readonly ReadOnlySpan<byte> _source = source;
    int _at;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _at;

    public readonly bool AtEnd => _at == _source.Length;

    /// <summary>Of the next item, which is not read yet.</summary>
    public readonly CborKind Peek()
    {
        if (_at >= _source.Length)
            throw ArteryException.Malformed("A CBOR item is missing.");
        return (_source[_at] >> 5) switch
        {
            0 or 1 => CborKind.Integer,
            2 => CborKind.Bytes,
            3 => CborKind.Text,
            4 => CborKind.Array,
            5 => CborKind.Map,
            7 => _source[_at] switch
            {
                0xf4 or 0xf5 => CborKind.Boolean,
                0xf6 => CborKind.Null,
                0xfb => CborKind.Double,
                _ => throw ArteryException.Malformed("A CBOR item is of a kind that arteries do not carry."),
            },
            _ => throw ArteryException.Malformed("CBOR tags are not carried by arteries."),
        };
    }

    /// <summary>Reads a null if one is next.</summary>
    public bool TryReadNull()
    {
        if (Peek() != CborKind.Null)
            return false;
        _at++;
        return true;
    }

    public bool ReadBoolean()
    {
        Expect(CborKind.Boolean);
        return _source[_at++] == 0xf5;
    }

    public long ReadInteger()
    {
        Expect(CborKind.Integer);
        var negative = _source[_at] >> 5 == 1;
        var argument = ReadArgument();
        if (argument > long.MaxValue)
            throw ArteryException.Malformed("A CBOR integer is beyond 64 bits.");
        return negative ? -1 - (long)argument : (long)argument;
    }

    /// <summary>Reads an integer that is a count: not negative, at most <paramref name="max"/>.</summary>
    public long ReadCount(long max = long.MaxValue)
    {
        var value = ReadInteger();
        return value >= 0 && value <= max ? value : throw ArteryException.Malformed($"A CBOR integer is {value} where 0 to {max} was expected.");
    }

    public double ReadDouble()
    {
        Expect(CborKind.Double);
        if (_source.Length - _at < 9)
            throw ArteryException.Malformed("A CBOR number is cut off.");
        var value = BinaryPrimitives.ReadDoubleBigEndian(_source[(_at + 1)..]);
        _at += 9;
        return value;
    }

    /// <summary>Reads text as its UTF-8 bytes, which are part of the source and valid.</summary>
    public ReadOnlySpan<byte> ReadUtf8(int maxBytes = int.MaxValue)
    {
        var text = ReadRun(CborKind.Text, maxBytes);
        return Utf8.IsValid(text) ? text : throw ArteryException.Malformed("A CBOR text is not UTF-8.");
    }

    public string ReadText(int maxBytes) => Encoding.UTF8.GetString(ReadUtf8(maxBytes));

    /// <summary>Reads a byte string, which is part of the source.</summary>
    public ReadOnlySpan<byte> ReadBytes(int maxBytes = int.MaxValue) => ReadRun(CborKind.Bytes, maxBytes);

    /// <summary>Reads the head of an array.</summary>
    /// <returns>How many items follow: never more than there are bytes left.</returns>
    public int ReadArray() => ReadHead(CborKind.Array, 1);

    /// <summary>Reads the head of an array that has a fixed number of items.</summary>
    public void ReadArray(int items)
    {
        if (ReadArray() != items)
            throw ArteryException.Malformed($"A CBOR array has not the {items} items that were expected.");
    }

    /// <summary>Reads the head of a map.</summary>
    /// <returns>How many pairs follow: never more than there are bytes left for.</returns>
    public int ReadMap() => ReadHead(CborKind.Map, 2);

    /// <summary>Reads one whole item, whatever it is, and checks it.</summary>
    /// <returns>Its bytes, part of the source.</returns>
    public ReadOnlySpan<byte> ReadItem()
    {
        var start = _at;
        Span<int> left = stackalloc int[ArteryLimits.CborDepth];
        var maps = 0U;
        var depth = 0;
        do
        {
            if (depth > 0)
            {
                // A map counts its keys and values together, so an even number left means that a key is next
                if ((maps & (1U << depth)) != 0 && left[depth - 1] % 2 == 0)
                    Expect(CborKind.Text);
                left[depth - 1]--;
            }

            var kind = Peek();
            if (kind is CborKind.Array or CborKind.Map)
            {
                if (depth == ArteryLimits.CborDepth)
                    throw ArteryException.Malformed($"A CBOR item is more than {ArteryLimits.CborDepth} deep.");
                left[depth] = kind == CborKind.Map ? ReadMap() * 2 : ReadArray();
                depth++;
                maps = kind == CborKind.Map ? maps | (1U << depth) : maps & ~(1U << depth);
            }
            else
                SkipScalar(kind);

            while (depth > 0 && left[depth - 1] == 0)
                depth--;
        }
        while (depth > 0);

        return _source[start.._at];
    }

    /// <summary>Says that nothing may follow.</summary>
    public readonly void ExpectEnd()
    {
        if (!AtEnd)
            throw ArteryException.Malformed("Bytes follow where a CBOR item should end.");
    }

    void SkipScalar(CborKind kind)
    {
        switch (kind)
        {
            case CborKind.Integer: ReadInteger(); break;
            case CborKind.Double: ReadDouble(); break;
            case CborKind.Text: ReadUtf8(); break;
            case CborKind.Bytes: ReadBytes(); break;
            default: _at++; break;
        }
    }

    readonly void Expect(CborKind kind)
    {
        var found = Peek();
        if (found != kind)
            throw ArteryException.Malformed($"A CBOR item is {found} where {kind} was expected.");
    }

    ReadOnlySpan<byte> ReadRun(CborKind kind, int maxBytes)
    {
        Expect(kind);
        var length = ReadArgument();
        if (length > (ulong)(_source.Length - _at))
            throw ArteryException.Malformed($"A CBOR {kind} is cut off.");
        if (length > (ulong)maxBytes)
            throw ArteryException.Malformed($"A CBOR {kind} has {length} bytes where at most {maxBytes} are allowed.");
        var run = _source.Slice(_at, (int)length);
        _at += (int)length;
        return run;
    }

    int ReadHead(CborKind kind, int bytesEach)
    {
        Expect(kind);
        var count = ReadArgument();
        return count <= (ulong)((_source.Length - _at) / bytesEach)
            ? (int)count
            : throw ArteryException.Malformed($"A CBOR {kind} announces more than there is.");
    }

    ulong ReadArgument()
    {
        var low = _source[_at++] & 31;
        if (low < 24)
            return (ulong)low;
        var width = low is >= 24 and <= 27
            ? 1 << (low - 24)
            : throw ArteryException.Malformed("CBOR of indefinite length is not carried by arteries.");
        if (_source.Length - _at < width)
            throw ArteryException.Malformed("A CBOR item is cut off.");
        var bytes = _source.Slice(_at, width);
        _at += width;
        return width switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
    }
}
