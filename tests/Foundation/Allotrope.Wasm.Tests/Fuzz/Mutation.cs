namespace Allotrope.Wasm.Tests.Fuzz;

/// <summary>Damages modules, mostly a little: what is far from valid is refused at its first bytes and proves nothing.</summary>
sealed class Mutation(Random random, IReadOnlyList<byte[]> corpus)
{
    /// <summary>Longest pieces that are removed, repeated or taken from another module.</summary>
    const int MostPiece = 40;

    /// <summary>Numbers at which LEB128, limits and signs turn over, and opcodes that open and close things.</summary>
    static readonly byte[] Interesting =
    [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0e, 0x10, 0x11, 0x1a, 0x20, 0x3f, 0x40, 0x41, 0x1f, 0x4e, 0x50, 0x5e, 0x5f, 0x60, 0x63, 0x64, 0x6b, 0x6e, 0x6f, 0x70, 0x7e, 0x7f, 0x80, 0xd0, 0xd4, 0xfb, 0xfc, 0xff,
    ];

    /// <summary>Instructions that take and give the same types: exchanging them keeps a module valid and makes another program of it.</summary>
    static readonly (byte First, byte Last)[] Families =
    [
        (0x2c, 0x2f), (0x30, 0x35), (0x3a, 0x3b), (0x3c, 0x3e), (0x46, 0x4f), (0x51, 0x5a), (0x5b, 0x60), (0x61, 0x66),
        (0x67, 0x69), (0x6a, 0x78), (0x79, 0x7b), (0x7c, 0x8a), (0x8b, 0x91), (0x92, 0x98), (0x99, 0x9f), (0xa0, 0xa6),
    ];

    public byte[] Next()
    {
        var bytes = new List<byte>(corpus[random.Next(corpus.Count)]);
        var exchangeOnly = random.Next(2) == 0;
        for (var change = random.Next(4); change >= 0 && bytes.Count > 8; change--)
            if (exchangeOnly) Exchange(bytes);
            else Damage(bytes);
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

    /// <summary>Puts another instruction of the same family in the place of one; an immediate may look like one and be hit instead.</summary>
    void Exchange(List<byte> bytes)
    {
        for (int at = random.Next(8, bytes.Count), tries = MostPiece; tries > 0 && at < bytes.Count; at++, tries--)
            foreach (var (first, last) in Families)
                if (bytes[at] >= first && bytes[at] <= last && random.Next(4) == 0)
                {
                    bytes[at] = (byte)random.Next(first, last + 1);
                    return;
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
