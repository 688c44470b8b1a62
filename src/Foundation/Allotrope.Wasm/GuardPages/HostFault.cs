using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Allotrope.Wasm;

/// <summary>
/// A fault of a guest reaches us as a NullReferenceException. So that one which a host function throws is not taken for that, it travels through
/// guests as this, and is itself again where it gets to the host's caller.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "nobody outside sees it")]
[SuppressMessage("Design", "CA1064", Justification = "nobody outside sees it")]
sealed class HostFault : Exception
{
    readonly ExceptionDispatchInfo _thrown;

    HostFault(NullReferenceException thrown)
        : base("a host function threw a NullReferenceException", thrown) => _thrown = ExceptionDispatchInfo.Capture(thrown);

    /// <summary>For what a host function threw.</summary>
    internal static HostFault Of(NullReferenceException thrown) => new(thrown);

    /// <summary>What a guest's fault is to the host.</summary>
    internal static Exception ToTrap(NullReferenceException fault) =>
        GuardPages.AreActive ? new Trap(TrapKind.MemoryOutOfBounds, fault) : new InvalidOperationException("compiled code used a null reference", fault);

    /// <summary>Throws what the host function threw.</summary>
    internal static void Rethrow(HostFault fault) => fault._thrown.Throw();
}
