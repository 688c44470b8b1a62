using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Wasm;

/// <summary>Reads what <see cref="StateWriter"/> wrote, or what somebody else made of it: no length is believed that exceeds what is there.</summary>
sealed class StateReader(ReadOnlyMemory<byte> bytes)
{
    int _position;

    internal int Position => _position;

    internal int Remaining => bytes.Length - _position;

    /// <exception cref="DamagedStateException">The bytes end, or are none that the writer writes (so for the others).</exception>
    internal ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 0x7f) << shift;
            if (next >= 0x80)
                continue;
            // One way to write each number, so that equal states are equal bytes.
            return next == 0 && shift > 0 ? throw Wrong("a number is longer than it need be") : value;
        }

        throw Wrong("a number has more than 64 bits");
    }

    /// <summary>How many of something follow, each of which takes at least so many bytes.</summary>
    internal int Count(string what, int leastBytes = 1)
    {
        var count = Number();
        return count <= (ulong)(Remaining / leastBytes) ? (int)count : throw Wrong($"{count} {what} are announced, more than the bytes that are left");
    }

    /// <summary>An index below <paramref name="count"/>.</summary>
    internal int Index(int count, string what)
    {
        var index = Number();
        return index < (ulong)count ? (int)index : throw Wrong($"{what} {index} is named, and there are {count}");
    }

    /// <summary>A number that is no larger.</summary>
    internal ulong AtMost(ulong most, string what) => Number() is var number && number <= most ? number : throw Wrong($"{number} {what} are more than {most}");

    /// <summary>What a number stands for that was written as one of either sign.</summary>
    internal static long Signed(ulong coded) => (long)(coded >> 1) ^ -(long)(coded & 1);

    internal byte Byte() => Raw(1)[0];

    internal bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw Wrong($"{other} stands where 0 or 1 is expected"),
    };

    internal long Bits() => BinaryPrimitives.ReadInt64LittleEndian(Raw(sizeof(long)));

    internal ReadOnlySpan<byte> Raw(int length) => Take(length).Span;

    internal ReadOnlyMemory<byte> Bytes(string what = "bytes") => Take(Count(what));

    internal string Text(string what)
    {
        try
        {
            return StrictUtf8.GetString(Bytes(what).Span);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong($"{what} is no UTF-8");
        }
    }

    /// <summary>Reads again from a place it was at.</summary>
    internal void Back(int position) => _position = position;

    internal void End()
    {
        if (Remaining > 0)
            throw Wrong($"{Remaining} bytes follow its end");
    }

    internal DamagedStateException Wrong(string what) => new($"{what}, at byte {_position}");

    ReadOnlyMemory<byte> Take(int length)
    {
        if (length > Remaining)
            throw Wrong($"{length} bytes are expected and {Remaining} are left");
        var taken = bytes.Slice(_position, length);
        _position += length;
        return taken;
    }

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
