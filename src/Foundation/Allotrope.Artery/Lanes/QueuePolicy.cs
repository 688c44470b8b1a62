namespace Allotrope.Artery;

/// <summary>What happens when the queue of intents for one receiver is full.</summary>
public enum QueuePolicy
{
    /// <summary>The oldest waiting intent makes room.</summary>
    DropOldest,

    /// <summary>
    /// Of waiting intents of one name and origin only the newest stays, until the queue has run empty; if all differ, the oldest makes room.
    /// </summary>
    Coalesce,

    /// <summary>The artery is closed with <see cref="CloseCode.Severed"/>.</summary>
    Sever,
}
