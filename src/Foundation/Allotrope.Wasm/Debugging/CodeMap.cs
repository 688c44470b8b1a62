namespace Allotrope.Wasm;

/// <summary>
/// Which instruction of WebAssembly a place in a method's IL belongs to, for the instructions that may be on a stack: those that call something. Kept as
/// differences, some three bytes for each.
/// </summary>
sealed class CodeMap
{
    /// <summary>No instruction.</summary>
    internal const int Nowhere = 0;

    readonly List<byte> _bytes = [];
    int _il;
    int _at;

    /// <summary>From here on the IL is of the instruction.</summary>
    /// <param name="il">Offset in the method's IL, not below the one before.</param>
    /// <param name="byteOffset">Where the instruction is in the module, or <see cref="Nowhere"/>.</param>
    internal void Add(int il, int byteOffset)
    {
        WriteUnsigned((uint)(il - _il));
        WriteUnsigned(ZigZag(byteOffset - _at));
        (_il, _at) = (il, byteOffset);
    }

    internal byte[] ToArray() => [.. _bytes];

    /// <summary>The instruction at a place in the IL; null when it belongs to none that is known.</summary>
    internal static int? Find(ReadOnlySpan<byte> map, int il)
    {
        int? found = null;
        var (start, at) = (0, 0);
        while (!map.IsEmpty)
        {
            start += (int)ReadUnsigned(ref map);
            var difference = ReadUnsigned(ref map);
            at += (int)(difference >> 1) ^ -(int)(difference & 1);
            if (start > il)
                break;
            found = at;
        }

        return found is > 0 ? found : null;
    }

    static uint ZigZag(int value) => (uint)(value << 1 ^ value >> 31);

    void WriteUnsigned(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }

    static uint ReadUnsigned(ref ReadOnlySpan<byte> map)
    {
        var value = 0u;
        for (var shift = 0; ; shift += 7)
        {
            var next = map[0];
            map = map[1..];
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
