using System.Diagnostics.Metrics;

namespace Allotrope.Lattice;

/// <summary>What the bus counts.</summary>
static class LatticeMeter
{
    static readonly Meter Meter = new("Allotrope.Lattice");

    public static readonly Counter<long> UnheardFaults = Meter.CreateCounter<long>(
        "allotrope.lattice.unheard_faults", "{fault}", "Handlers that failed on a message whose sender wanted no answer.");
}
