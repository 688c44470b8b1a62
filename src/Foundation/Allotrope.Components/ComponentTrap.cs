using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Components;

/// <summary>
/// A component did something that the Component Model forbids, at the boundary to another. The instance it happened in cannot be entered again.
/// </summary>
/// <param name="message">What it did.</param>
/// <param name="cause">What led to it.</param>
[SuppressMessage("Naming", "CA1710", Justification = "the specification's word")]
public sealed class ComponentTrap(string message, Exception? cause = null) : Exception(message, cause)
{
    internal static ComponentTrap Unaligned() => new("unaligned pointer");

    internal static ComponentTrap UnknownHandle(uint index) => new($"unknown handle index {index}");

    internal static ComponentTrap Uncaught(Exception exception) => new("an exception of the guest was not caught in its component", exception);

    internal static ComponentTrap CannotLeave() => new("cannot leave component instance");

    internal static ComponentTrap CannotEnter() => new("cannot enter component instance");
}
