namespace Allotrope.Actors;

/// <summary>Where calls wait their turn, no longer than their time.</summary>
interface IWaitingRoom
{
    /// <summary>The monitor's look: ends what has waited too long or is no longer wanted. True while anything waits.</summary>
    bool Expire(long now);
}
