using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>How a handler ended.</summary>
readonly record struct Answer(Message Message, Exception? Error)
{
    /// <summary>Faults travel as they are; anything else is a failure of the handler.</summary>
    public static FaultException Translate(Exception error, string subject) => error as FaultException ?? new FaultException(
        new Fault.Failed($"What serves {subject} failed unexpectedly ({error.GetType().Name}: {error.Message}): report it."), error);
}
