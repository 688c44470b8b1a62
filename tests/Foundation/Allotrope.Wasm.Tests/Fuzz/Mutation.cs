namespace Allotrope.Wasm.Tests.Fuzz;

/// <summary>Damages modules, mostly a little: what is far from valid is refused at its first bytes and proves nothing.</summary>
sealed class Mutation(Random random, IReadOnlyList<byte[]> corpus)
{
    /// <summary>Longest pieces that are removed, repeated or taken from another module.</summary>
    const int MostPiece = 40;

    /// <summary>Numbers at which LEB128, limits and signs turn over, and opcodes that open and close things.</summary>
    static readonly byte[] Interesting = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0e, 0x10, 0x11, 0x1a, 0x20, 0x3f, 0x40, 0x41, 0x60, 0x6f, 0x70, 0x7e, 0x7f, 0x80, 0xfc, 0xff];

    public byte[] Next()
    {
        var bytes = new List<byte>(corpus[random.Next(corpus.Count)]);
        for (var change = random.Next(4); change >= 0 && bytes.Count > 8; change--) Damage(bytes);
        return [.. bytes];
    }

    void Damage(List<byte> bytes)
    {
        var at = random.Next(8, bytes.Count); // the eight bytes of magic and version have tests of their own
        var piece = Math.Min(random.Next(1, MostPiece), bytes.Count - at);
        switch (random.Next(8))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2 or 3:
                bytes[at] = Interesting[random.Next(Interesting.Length)];
                break;
            case 4:
                bytes.Insert(at, Interesting[random.Next(Interesting.Length)]);
                break;
            case 5:
                bytes.RemoveRange(at, piece);
                break;
            case 6:
                bytes.InsertRange(at, bytes.GetRange(at, piece));
                break;
            default:
                Transplant(bytes, at, piece);
                break;
        }
    }

    /// <summary>Overwrites, so that the lengths around it stay true.</summary>
    void Transplant(List<byte> bytes, int at, int piece)
    {
        var donor = corpus[random.Next(corpus.Count)];
        var from = random.Next(donor.Length);
        for (var i = 0; i < Math.Min(piece, donor.Length - from); i++) bytes[at + i] = donor[from + i];
    }
}
