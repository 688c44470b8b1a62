namespace Allotrope.Wasm;

/// <summary>Stands in a replay for an object of the host: the same one wherever that was.</summary>
/// <param name="number">In the order in which the recording met them.</param>
public sealed class HostStandIn(int number)
{
    public override string ToString() => $"object {number} of the host";
}
