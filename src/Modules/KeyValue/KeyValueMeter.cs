using System.Diagnostics.Metrics;

namespace Allotrope.KeyValue;

/// <summary>What the module counts.</summary>
static class KeyValueMeter
{
    static readonly Meter Meter = new("Allotrope.KeyValue");

    static readonly Counter<long> Operations = Meter.CreateCounter<long>(
        "allotrope.keyvalue.operations", "{operation}", "Operations of guests, by name and by whether they got an error.");

    static readonly Counter<long> Changes = Meter.CreateCounter<long>(
        "allotrope.keyvalue.changes", "{change}", "Changes that components were told of, by workload and by whether they were handled.");

    public static void CountChange(string workload, bool failed) => Changes.Add(1, new("workload", workload), new("error", failed));

    /// <param name="operation">Of a contract: there are as many series.</param>
    public static void Count(string operation, bool failed)
    {
        if (Operations.Enabled)
            Operations.Add(1, new("operation", operation), new("error", failed));
    }
}
