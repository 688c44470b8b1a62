namespace Allotrope.Components;

/// <summary>A future: one value goes from the writing end to the reading one.</summary>
sealed class FutureChannel(ChannelType type, InstanceState maker) : Channel(type, maker)
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
        var (from, to) = isRead ? (pending, copy) : (copy, pending);
        CopyBuffer.Copy(from.Buffer, to.Buffer, copy.Instance.Store.Guard);
        Complete(CopyResult.Completed);
        copy.End.Ended(copy, CopyResult.Completed);
    }
}
