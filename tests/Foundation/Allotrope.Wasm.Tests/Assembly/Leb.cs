namespace Allotrope.Wasm.Tests.Assembly;

/// <summary>LEB128, the variable-length integers of the binary format, in their shortest form.</summary>
static class Leb
{
    public static byte[] Unsigned(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7f; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }

    public static byte[] Signed(long value)
    {
        var bytes = new List<byte>();
        for (; value is < -64 or > 63; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)(value & 0x7f)];
    }
}
