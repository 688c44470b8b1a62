using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Allotrope.Wasm;

/// <summary>
/// A module's code as it is in a file: a mark, the key, numbers in four bytes (how many functions, then their tokens; how many places for numbers of types,
/// then an offset and a type for each; how many maps, then the length and the bytes of each; the assembly's length), the assembly, and a digest over all of it,
/// with the cache's secret where it has one.
/// </summary>
static class CodeEntry
{
    const int DigestBytes = HMACSHA256.HashSizeInBytes;
    const int NumberBytes = sizeof(int);

    static ReadOnlySpan<byte> Mark => "ALLOCODE"u8;

    internal static byte[] Write(ReadOnlySpan<byte> key, CodeImage code, ReadOnlySpan<byte> secret)
    {
        var numbers = 4 + code.Tokens.Length + (2 * code.TypeIds.Length) + code.Maps.Length;
        var bytes = new byte[Mark.Length + key.Length + (numbers * NumberBytes) + code.Maps.Sum(map => map.Length) + code.Assembly.Length + DigestBytes];
        var rest = bytes.AsSpan();
        Put(Mark, ref rest);
        Put(key, ref rest);
        Put(code.Tokens.Length, ref rest);
        foreach (var token in code.Tokens)
            Put(token, ref rest);
        Put(code.TypeIds.Length, ref rest);
        foreach (var (offset, type) in code.TypeIds)
        {
            Put(offset, ref rest);
            Put(type, ref rest);
        }

        Put(code.Maps.Length, ref rest);
        foreach (var map in code.Maps)
        {
            Put(map.Length, ref rest);
            Put(map, ref rest);
        }

        Put(code.Assembly.Length, ref rest);
        Put(code.Assembly, ref rest);
        HMACSHA256.HashData(secret, bytes.AsSpan()[..^DigestBytes], rest);
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are not what was written for the key with the secret.</exception>
    internal static CodeImage Read(byte[] bytes, ReadOnlySpan<byte> key, ReadOnlySpan<byte> secret)
    {
        Span<byte> digest = stackalloc byte[DigestBytes];
        if (bytes.Length < Mark.Length + key.Length + DigestBytes)
            throw new InvalidDataException("the entry is too short");
        var rest = bytes.AsSpan()[..^DigestBytes];
        HMACSHA256.HashData(secret, rest, digest);
        if (!CryptographicOperations.FixedTimeEquals(digest, bytes.AsSpan()[^DigestBytes..]))
            throw new InvalidDataException("the entry's digest is not that of its bytes");
        if (!Take(Mark.Length, ref rest).SequenceEqual(Mark) || !Take(key.Length, ref rest).SequenceEqual(key))
            throw new InvalidDataException("the entry is another module's, or of another form");
        // From here on the bytes are our own; the lengths are checked all the same.
        var tokens = new int[Count(NumberBytes, ref rest)];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = Number(ref rest);
        var places = new (int, int)[Count(2 * NumberBytes, ref rest)];
        for (var i = 0; i < places.Length; i++)
            places[i] = (Number(ref rest), Number(ref rest));
        var maps = new byte[Count(NumberBytes, ref rest)][];
        for (var i = 0; i < maps.Length; i++)
            maps[i] = Take(Count(1, ref rest), ref rest).ToArray();
        var assembly = Take(Count(1, ref rest), ref rest).ToArray();
        return rest.IsEmpty ? new CodeImage(assembly, tokens, places, maps) : throw new InvalidDataException("the entry is longer than it says");
    }

    static void Put(ReadOnlySpan<byte> bytes, ref Span<byte> rest)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    static void Put(int number, ref Span<byte> rest)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, number);
        rest = rest[NumberBytes..];
    }

    static int Number(ref Span<byte> rest) => BinaryPrimitives.ReadInt32LittleEndian(Take(NumberBytes, ref rest));

    /// <summary>A number of items of a size, of which there is room for that many.</summary>
    static int Count(int itemBytes, ref Span<byte> rest) =>
        Number(ref rest) is >= 0 and var count && count <= rest.Length / itemBytes
            ? count
            : throw new InvalidDataException("the entry is shorter than it says");

    static Span<byte> Take(int length, ref Span<byte> rest)
    {
        if (length > rest.Length)
            throw new InvalidDataException("the entry is shorter than it says");
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
