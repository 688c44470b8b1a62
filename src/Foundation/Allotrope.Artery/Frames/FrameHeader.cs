namespace Allotrope.Artery;

/// <summary>
/// The head of a frame: <c>u8 kind &lt;&lt; 3 | flags │ varint link │ varint seq</c>.
/// </summary>
/// <param name="Link">Which (zone, service) of the wire, below <see cref="ArteryLimits.Links"/>.</param>
/// <param name="Sequence">Of the link and direction, from 0, without a hole.</param>
public readonly record struct FrameHeader(FrameKind Kind, FrameFlags Flags, int Link, long Sequence)
{
    public const int MaxBytes = 1 + 2 * Varint.MaxBytes;

    /// <summary>Writes it at the start of <paramref name="destination"/>, which has <see cref="MaxBytes"/>.</summary>
    /// <returns>How many bytes it took.</returns>
    public int Write(Span<byte> destination)
    {
        destination[0] = (byte)(((int)Kind << 3) | (int)Flags);
        var at = 1 + Varint.Write(destination[1..], (ulong)Link);
        return at + Varint.Write(destination[at..], (ulong)Sequence);
    }

    /// <summary>Reads it and moves <paramref name="frame"/> to the payload.</summary>
    /// <exception cref="ArteryException">The frame is malformed.</exception>
    public static FrameHeader Read(ref ReadOnlySpan<byte> frame)
    {
        if (frame.IsEmpty)
            throw ArteryException.Malformed("A frame is empty.");
        var kind = (FrameKind)(frame[0] >> 3);
        var flags = (FrameFlags)(frame[0] & 7);
        if (kind is not (<= FrameKind.Invoke or FrameKind.Resource) || (flags & ~(FrameFlags.Sealed | FrameFlags.More)) != FrameFlags.None)
            throw ArteryException.Malformed($"A frame begins with the reserved byte 0x{frame[0]:x2}.");
        frame = frame[1..];
        var link = Varint.Read(ref frame);
        if (link >= ArteryLimits.Links)
            throw ArteryException.Malformed($"A frame is for link {link}; a wire has at most {ArteryLimits.Links}.");
        return new FrameHeader(kind, flags, (int)link, Varint.ReadCount(ref frame));
    }
}
