namespace Allotrope.Components;

/// <summary>A stream: copies end when either side has no more room or values, and can go on before their guest is told.</summary>
sealed class StreamChannel(ChannelType type, InstanceState maker) : Channel(type, maker)
{
    internal override void Begin(Copy copy, bool isRead)
    {
        if (IsDropped)
        {
            copy.End.Ended(copy, CopyResult.Dropped);
            return;
        }

        if (Pending is not { } pending)
        {
            Wait(copy);
            return;
        }

        RequireTwoInstances(copy);
        if (pending.Buffer.Remaining > 0)
        {
            if (copy.Buffer.Remaining > 0)
            {
                var (from, to) = isRead ? (pending, copy) : (copy, pending);
                CopyBuffer.Copy(from.Buffer, to.Buffer, copy.Instance.Store.Guard);
                pending.End.Copied(pending);
            }

            copy.End.Ended(copy, CopyResult.Completed);
        }
        else if (!isRead && copy.Buffer.Length == 0 && pending.Buffer.Length == 0)
        {
            copy.End.Ended(copy, CopyResult.Completed);
        }
        else
        {
            Complete(CopyResult.Completed);
            Wait(copy);
        }
    }
}
