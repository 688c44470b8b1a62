namespace Allotrope.Kernel;

/// <summary>Base32 of RFC 4648 section 6, upper case and without padding.</summary>
static class Base32
{
    const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static int EncodedLength(int bytes) => ((bytes * 8) + 4) / 5;

    /// <param name="text">Exactly <see cref="EncodedLength"/> characters.</param>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var (buffer, bits, at) = (0, 0, 0);
        foreach (var value in bytes)
        {
            buffer = (buffer << 8) | value;
            for (bits += 8; bits >= 5; buffer &= (1 << bits) - 1)
                text[at++] = Alphabet[buffer >> (bits -= 5)];
        }

        if (bits > 0)
            text[at] = Alphabet[buffer << (5 - bits)];
    }

    /// <summary>False for a character outside the alphabet, a length that does not fit, or left-over bits that are not zero.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length != EncodedLength(bytes.Length))
            return false;

        var (buffer, bits, at) = (0, 0, 0);
        foreach (var letter in text)
        {
            var value = letter switch
            {
                >= 'A' and <= 'Z' => letter - 'A',
                >= '2' and <= '7' => letter - '2' + 26,
                _ => -1,
            };
            if (value < 0)
                return false;

            buffer = (buffer << 5) | value;
            bits += 5;
            if (bits < 8)
                continue;

            bits -= 8;
            bytes[at++] = (byte)(buffer >> bits);
            buffer &= (1 << bits) - 1;
        }

        return buffer == 0;
    }
}
