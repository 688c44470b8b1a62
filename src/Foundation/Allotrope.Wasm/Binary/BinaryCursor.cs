using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Wasm;

/// <summary>Reads the primitives of the binary format and never past the end it was given. Offsets are the module's.</summary>
/// <param name="module">The whole module.</param>
/// <param name="start">First byte to read.</param>
/// <param name="end">One past the last byte to read.</param>
ref struct BinaryCursor(ReadOnlySpan<byte> module, int start, int end)
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly ReadOnlySpan<byte> _module = module;

    internal int Position { get; private set; } = start;

    internal int End { get; } = end;

    internal readonly int Remaining => End - Position;

    internal readonly bool AtEnd => Position >= End;

    internal byte Byte()
    {
        if (AtEnd)
            throw new InvalidModuleException("unexpected end", Position);
        return _module[Position++];
    }

    /// <summary>The next byte, which stays to be read; 0 at the end.</summary>
    internal readonly byte Peek() => AtEnd ? (byte)0 : _module[Position];

    internal ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > Remaining)
            throw new InvalidModuleException($"unexpected end: {(uint)count} bytes are announced and {Remaining} are left", Position);
        var bytes = _module.Slice(Position, count);
        Position += count;
        return bytes;
    }

    /// <summary>A part of the module, announced by its size, with a cursor of its own.</summary>
    internal BinaryCursor Part()
    {
        var size = Size();
        var part = new BinaryCursor(_module, Position, Position + size);
        Position += size;
        return part;
    }

    internal uint U32() => (uint)Unsigned(32);

    internal ulong U64() => Unsigned(64);

    internal int S32() => (int)Signed(32);

    internal long S33() => Signed(33);

    internal long S64() => Signed(64);

    internal int F32Bits() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    internal long F64Bits() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    /// <summary>
    /// An index. Those beyond <see cref="int.MaxValue"/> are in no module this engine takes; they read as -1 and fail every range check.
    /// </summary>
    internal int Index() => U32() is var index and <= int.MaxValue ? (int)index : -1;

    /// <summary>The length of a list whose items take at least one byte each: bounded by what is left, so that it may be allocated.</summary>
    internal int Count()
    {
        var at = Position;
        var count = U32();
        if (count > (uint)Remaining)
            throw new InvalidModuleException($"unexpected end: a list of {count} items is announced and {Remaining} bytes are left", at);
        return (int)count;
    }

    internal string Name()
    {
        var length = Size();
        var at = Position;
        try
        {
            return StrictUtf8.GetString(Bytes(length));
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidModuleException("malformed UTF-8 encoding", at);
        }
    }

    int Size()
    {
        var at = Position;
        var size = U32();
        if (size > (uint)Remaining)
            throw new InvalidModuleException($"unexpected end: length out of bounds, {size} bytes are announced and {Remaining} are left", at);
        return (int)size;
    }

    /// <summary>LEB128 of at most <paramref name="bits"/> bits; bits beyond must be zero.</summary>
    ulong Unsigned(int bits)
    {
        var at = Position;
        ulong result = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            if (shift + 7 > bits && next >> (bits - shift) != 0)
                throw TooLong(next, at);
            result |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return result;
        }
    }

    /// <summary>Signed LEB128 of at most <paramref name="bits"/> bits; bits beyond must repeat the sign.</summary>
    long Signed(int bits)
    {
        var at = Position;
        long result = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            if (shift + 7 > bits)
            {
                var beyond = (sbyte)(next << 1) >> (bits - shift);
                if (next >= 0x80 || beyond is not (0 or -1))
                    throw TooLong(next, at);
            }

            result |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                var used = shift + 7;
                return used < 64 ? result << (64 - used) >> (64 - used) : result;
            }
        }
    }

    static InvalidModuleException TooLong(byte last, int at) =>
        new(last >= 0x80 ? "integer representation too long" : "integer too large", at);
}
