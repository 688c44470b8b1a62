using System.Diagnostics.Metrics;

namespace Allotrope.Messaging;

/// <summary>What the module counts.</summary>
static class MessagingMeter
{
    static readonly Meter Meter = new("Allotrope.Messaging");

    static readonly Counter<long> Deliveries = Meter.CreateCounter<long>(
        "allotrope.messaging.deliveries", "{message}", "Messages given to components, by workload and by whether they were handled.");

    public static void Count(string workload, bool failed) => Deliveries.Add(1, new("workload", workload), new("error", failed));
}
