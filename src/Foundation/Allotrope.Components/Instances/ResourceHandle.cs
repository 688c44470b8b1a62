namespace Allotrope.Components;

/// <summary>A handle: the owner's, or one that a call was lent.</summary>
/// <param name="resource">What it is of.</param>
/// <param name="representation">Which one, for the instance that defines it.</param>
/// <param name="borrower">The call that it was lent; null for the owner's.</param>
/// <param name="target">Which one, of the host's resources.</param>
sealed class ResourceHandle(InstanceResource resource, long representation, CallScope? borrower, object? target = null)
{
    internal InstanceResource Resource { get; } = resource;

    internal long Representation { get; } = representation;

    internal object? Target { get; } = target;

    internal CallScope? Borrower { get; } = borrower;

    internal bool IsOwn => Borrower is null;

    /// <summary>Calls that are using it now.</summary>
    internal int Lends { get; set; }
}
