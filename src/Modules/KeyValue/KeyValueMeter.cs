using System.Diagnostics.Metrics;
using Allotrope.Contracts;

namespace Allotrope.KeyValue;

/// <summary>What the module counts.</summary>
static class KeyValueMeter
{
    static readonly Meter Meter = new("Allotrope.KeyValue");

    static readonly Counter<long> Operations = Meter.CreateCounter<long>(
        "allotrope.keyvalue.operations", "{operation}", "Operations of guests, by name and by whether they got an error.");

    /// <param name="operation">As the guest called it; only names of the contract become labels, so that guests cannot make up series.</param>
    public static void Count(string operation, InvocationResult result)
    {
        if (Operations.Enabled && Operation.IsKnown(operation))
            Operations.Add(1, new("operation", operation), new("error", result.Error is not null));
    }
}
