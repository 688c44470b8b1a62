using System.Text;

namespace Allotrope.Actors;

/// <summary>Remembers the few names a guest uses over and over (links, contracts, operations), so that a host call makes no strings.</summary>
sealed class GuestNames
{
    /// <summary>A power of two; a guest that uses more names than this pays for decoding, nothing else.</summary>
    const int Slots = 32;

    readonly (byte[] Utf8, string Text)[] _slots = new (byte[], string)[Slots];

    /// <summary>The text of <paramref name="utf8"/>; bytes that are no UTF-8 become U+FFFD, which no name of ours contains.</summary>
    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        ref var slot = ref _slots[(utf8.Length + (31 * utf8[0]) + (7 * utf8[^1])) & (Slots - 1)];
        if (slot.Utf8 is null || !utf8.SequenceEqual(slot.Utf8))
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return slot.Text;
    }
}
