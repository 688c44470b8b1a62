namespace Allotrope.Kernel;

/// <summary>Carries a <see cref="Kernel.Fault"/> from where it is found to the edge that reports it.</summary>
public sealed class FaultException(Fault fault, Exception? cause = null) : Exception(fault.Message, cause)
{
    public Fault Fault { get; } = fault;
}
