using Allotrope.Components;

namespace Allotrope.Actors;

/// <summary>What one instance makes the host hold of messages, and no more: a handle costs the guest next to nothing. Used by one thread at a time.</summary>
sealed class MessageHoldings
{
    /// <summary>Bytes of all messages that it has and has not dropped, with what they take beside their data.</summary>
    public const int MostBytes = 16 << 20;

    long _bytes;

    public bool HasRoomFor(long bytes) => bytes <= MostBytes - _bytes;

    /// <param name="bytes">How many more; fewer when negative.</param>
    public void Take(long bytes)
    {
        if (!HasRoomFor(bytes))
            throw new ComponentTrap($"the component holds messages of more than {MostBytes} bytes");
        _bytes += bytes;
    }
}
