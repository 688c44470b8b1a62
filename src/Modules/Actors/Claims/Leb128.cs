namespace Allotrope.Actors;

/// <summary>Unsigned LEB128 in its one shortest form (core specification, 5.2.2).</summary>
static class Leb128
{
    public const int MaxBytes = 5;

    /// <param name="destination">Room for <see cref="MaxBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, uint value)
    {
        var count = 0;
        for (; value >= 0x80; value >>= 7)
            destination[count++] = (byte)(value | 0x80);

        destination[count++] = (byte)value;
        return count;
    }
}
