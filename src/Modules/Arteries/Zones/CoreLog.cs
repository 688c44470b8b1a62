using Microsoft.Extensions.Logging;

namespace Allotrope.Arteries;

/// <summary>What a zone's core tells people.</summary>
static partial class CoreLog
{
    [LoggerMessage(1, LogLevel.Critical, "zone {Zone}: intent {Intent} {Sequence} of {Origin} was received, not processed, by {Service}: {What}")]
    public static partial void NotProcessed(ILogger log, string zone, string intent, string origin, long sequence, string service, string what);

    [LoggerMessage(2, LogLevel.Error, "zone {Zone}: {Service} has missed {Missed} heartbeats in a row")]
    public static partial void FlatLine(ILogger log, string zone, string service, int missed);

    [LoggerMessage(4, LogLevel.Error, "zone {Zone}: {Service} is not started again: {Why}")]
    public static partial void NotRestarted(ILogger log, string zone, string service, string why);

    [LoggerMessage(5, LogLevel.Warning, "zone {Zone}: the artery of {Service} was closed: {Text} ({Code})")]
    public static partial void Closed(ILogger log, string zone, string service, string text, int code);

    [LoggerMessage(6, LogLevel.Error, "zone {Zone}: its intents are archived no longer: {Problem}")]
    public static partial void NotArchived(ILogger log, string zone, string problem);

    [LoggerMessage(3, LogLevel.Error, "{Problem}")]
    public static partial void ErrandFailed(ILogger log, string problem);
}
