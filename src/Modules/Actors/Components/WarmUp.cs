namespace Allotrope.Actors;

/// <summary>Makes instances of a component ahead of the calls that will need them.</summary>
sealed class WarmUp(ComponentRevision revision) : GuestWork
{
    public override void Execute(GuestRun run) => revision.WarmUp(run);
}
