using System.Buffers.Binary;
using Allotrope.Components;

namespace Allotrope.Wasi.Random;

/// <summary>The three interfaces of <c>wasi:random</c>, from two sources.</summary>
/// <param name="secure">For keys.</param>
/// <param name="insecure">For hash tables.</param>
/// <param name="most">Bytes in one call.</param>
public sealed class RandomSource(Kernel.IRandom secure, Kernel.IRandom insecure, int most) : IRandom, IInsecure, IInsecureSeed
{
    public ReadOnlyMemory<byte> GetRandomBytes(ulong len) => Bytes(secure, len);

    public ulong GetRandomU64() => Number(secure);

    public ReadOnlyMemory<byte> GetInsecureRandomBytes(ulong len) => Bytes(insecure, len);

    public ulong GetInsecureRandomU64() => Number(insecure);

    public (ulong, ulong) InsecureSeed() => (Number(insecure), Number(insecure));

    byte[] Bytes(Kernel.IRandom source, ulong length)
    {
        if (length > (ulong)most)
            throw new ComponentTrap($"the guest asked for {length} random bytes at once, of at most {most}");
        var bytes = new byte[length];
        source.Fill(bytes);
        return bytes;
    }

    static ulong Number(Kernel.IRandom source)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        source.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
