using Microsoft.Extensions.Logging;

namespace Allotrope.Gateway;

/// <summary>What every part of the gateway needs, handed down from the module.</summary>
sealed record GatewayServices(GatewayOptions Options, TimeProvider Clock, ILoggerFactory Loggers, ILogger Log, GatewayMetrics Metrics);
