using Microsoft.Extensions.Logging;

namespace Allotrope.Gateway;

/// <summary>What every part of the gateway needs, handed down from the module.</summary>
sealed record GatewayServices(GatewayOptions Options, TimeProvider Clock, ILoggerFactory Loggers, ILogger Log, GatewayMetrics Metrics)
{
    /// <summary>One for all listeners: memory is the node's.</summary>
    public BodyBudget Bodies { get; } = new(Options.Limits.BodiesLength);
}
