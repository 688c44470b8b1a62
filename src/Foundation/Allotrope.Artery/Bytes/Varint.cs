using System.Buffers;

namespace Allotrope.Artery;

/// <summary>Numbers of 1 to 10 bytes: unsigned LEB128 in its shortest form, signed ones folded by zigzag.</summary>
public static class Varint
{
    /// <summary>Of the largest number, in bytes.</summary>
    public const int MaxBytes = 10;

    /// <summary>Writes a number at the start of <paramref name="destination"/>, which has room for it.</summary>
    /// <returns>How many bytes it took.</returns>
    public static int Write(Span<byte> destination, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            destination[at++] = (byte)(value | 0x80);
        destination[at++] = (byte)value;
        return at;
    }

    public static void Write(IBufferWriter<byte> output, ulong value) => output.Advance(Write(output.GetSpan(MaxBytes), value));

    /// <summary>Reads a number and moves <paramref name="source"/> past it.</summary>
    /// <exception cref="ArteryException">It is cut off, longer than it needs to be, or beyond 64 bits.</exception>
    public static ulong Read(ref ReadOnlySpan<byte> source)
    {
        if (source.Length > 0 && source[0] < 0x80)
        {
            var small = source[0];
            source = source[1..];
            return small;
        }

        var value = 0UL;
        for (var at = 0; at < source.Length && at < MaxBytes; at++)
        {
            var part = source[at];
            // The tenth byte holds the last bit; a zero that ends a number was not needed
            if ((at == MaxBytes - 1 && part > 1) || (at > 0 && part == 0))
                break;
            value |= (ulong)(part & 0x7f) << (7 * at);
            if (part >= 0x80)
                continue;
            source = source[(at + 1)..];
            return value;
        }

        throw ArteryException.Malformed("A number is cut off or not in its shortest form.");
    }

    /// <summary>Reads a count or an epoch: a number below 2^63.</summary>
    /// <exception cref="ArteryException">It is none.</exception>
    public static long ReadCount(ref ReadOnlySpan<byte> source) =>
        Read(ref source) is <= long.MaxValue and var value ? (long)value : throw ArteryException.Malformed("A count is 2^63 or more.");

    public static ulong Fold(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Unfold(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
