namespace Allotrope.Wasi;

/// <summary>The guest ended its run by <c>exit</c> or <c>proc_exit</c>. It unwinds the guest's frames; <c>CommandRun</c> turns it into an exit status.</summary>
/// <param name="status">0 for success.</param>
public sealed class GuestExitException(uint status) : Exception($"the guest ended its run with status {status}")
{
    public uint Status => status;
}
