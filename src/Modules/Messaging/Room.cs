using Allotrope.Contracts;

namespace Allotrope.Messaging;

/// <summary>What messages of one component may take of the node's memory, whichever of its subscriptions they came by, until it has handled them.</summary>
sealed class Room
{
    /// <summary>Bytes: a message of the largest size for each that may be given at once, and as many again some times over.</summary>
    public const long Most = 64 << 20;

    /// <summary>About what a message, and an entry of its metadata, takes beside its characters.</summary>
    const int Overhead = 128;

    long _taken;

    /// <summary>What a message counts as.</summary>
    public static long Of(BrokerMessage message) =>
        Overhead + message.Body.Length + Of(message.Subject) + Of(message.ReplyTo) + Of(message.ContentType)
        + message.Metadata.Sum(entry => Overhead + Of(entry.Key) + Of(entry.Value));

    /// <summary>False when there is none left.</summary>
    public bool TryTake(BrokerMessage message)
    {
        var bytes = Of(message);
        if (Interlocked.Add(ref _taken, bytes) <= Most)
            return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Free(BrokerMessage message) => Interlocked.Add(ref _taken, -Of(message));

    static long Of(string? text) => 2L * (text?.Length ?? 0);
}
