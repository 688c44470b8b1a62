using System.Buffers.Binary;

namespace Allotrope.Wasm;

/// <summary>
/// Bytes of a memory that differ from others, as runs: how many bytes changed, how many before them did not, and the new bytes; a run of none is the
/// end. A run goes on over <see cref="Gap"/> bytes that did not change, since a new one would take as many.
/// </summary>
static class MemoryChanges
{
    const int Gap = sizeof(long);

    /// <summary>Writes the runs of one piece.</summary>
    /// <param name="address">Of the piece's first byte.</param>
    /// <param name="last">End of the run before; moved to the end of the last one written.</param>
    internal static void Write(StateWriter to, ReadOnlySpan<byte> now, ReadOnlySpan<byte> before, ulong address, ref ulong last)
    {
        for (var at = now.CommonPrefixLength(before); at < now.Length; at += now[at..].CommonPrefixLength(before[at..]))
        {
            var end = EndOf(now, before, at);
            to.Number(end - at);
            to.Number(address + (ulong)at - last);
            to.Raw(now[at..end]);
            last = address + (ulong)end;
            at = end;
        }
    }

    internal static void WriteEnd(StateWriter to) => to.Number(0);

    /// <summary>Puts what was written into a memory.</summary>
    /// <exception cref="DamagedStateException">A run is not within the memory.</exception>
    internal static unsafe void Apply(StateReader from, Memory memory)
    {
        var address = 0UL;
        for (var length = from.Count("bytes of a memory"); length > 0; length = from.Count("bytes of a memory"))
        {
            var gap = from.Number();
            if (gap > memory.ByteLength - address || (ulong)length > memory.ByteLength - address - gap)
                throw from.Wrong($"bytes are for address {(UInt128)address + gap} of a memory of {memory.ByteLength} bytes");
            address += gap;
            from.Raw(length).CopyTo(new Span<byte>((byte*)memory.Base + address, length));
            address += (ulong)length;
        }
    }

    /// <summary>One past the last byte that changed before a gap.</summary>
    static int EndOf(ReadOnlySpan<byte> now, ReadOnlySpan<byte> before, int start)
    {
        var end = start;
        while (end + Gap <= now.Length && BinaryPrimitives.ReadInt64LittleEndian(now[end..]) != BinaryPrimitives.ReadInt64LittleEndian(before[end..]))
            end += Gap;
        if (end + Gap > now.Length && !now[end..].SequenceEqual(before[end..]))
            end = now.Length;
        while (now[end - 1] == before[end - 1])
            end--;
        return end;
    }
}
