using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Wasm;

/// <summary>Reads the primitives of DWARF from a section, never past its end.</summary>
ref struct DwarfCursor(ReadOnlySpan<byte> section, int start, int end)
{
    /// <summary>Bytes of a number of 64 bits in LEB128.</summary>
    const int MostLebBytes = 10;

    readonly ReadOnlySpan<byte> _section = section[..end];

    internal int Position { get; private set; } = start;

    internal readonly bool AtEnd => Position >= _section.Length;

    internal byte Byte() => Bytes(1)[0];

    internal int U16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    internal uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    internal ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    /// <summary>A length or offset: of four bytes, or eight in the 64-bit form.</summary>
    internal ulong Offset(bool wide) => wide ? U64() : U32();

    internal ulong Unsigned()
    {
        var result = 0UL;
        for (var i = 0; i < MostLebBytes; i++)
        {
            var next = Byte();
            result |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
                return result;
        }

        throw new InvalidDataException("a number is too long");
    }

    internal long Signed()
    {
        var before = Position;
        var result = (long)Unsigned();
        var bits = 7 * (Position - before);
        return bits < 64 ? result << (64 - bits) >> (64 - bits) : result;
    }

    internal ReadOnlySpan<byte> Bytes(ulong count)
    {
        if (count > (ulong)(_section.Length - Position))
            throw new InvalidDataException("the section ends too soon");
        var bytes = _section.Slice(Position, (int)count);
        Position += (int)count;
        return bytes;
    }

    /// <summary>Bytes up to a zero, which is read too.</summary>
    internal ReadOnlySpan<byte> Text()
    {
        var length = _section[Position..].IndexOf((byte)0);
        if (length < 0)
            throw new InvalidDataException("a text has no end");
        var text = Bytes((ulong)length);
        Position++;
        return text;
    }

    /// <summary>Text for people: what a terminal would obey is replaced, and what is too long cut off.</summary>
    internal static string Readable(ReadOnlySpan<byte> text)
    {
        const int MostBytes = 256;
        var plain = Encoding.UTF8.GetString(text[..Math.Min(text.Length, MostBytes)]);
        return plain.Any(char.IsControl) ? string.Concat(plain.Select(letter => char.IsControl(letter) ? '?' : letter)) : plain;
    }
}
