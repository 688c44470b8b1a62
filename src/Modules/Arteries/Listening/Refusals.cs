using System.Net;
using Allotrope.Artery;
using Microsoft.Extensions.Logging;

namespace Allotrope.Arteries;

/// <summary>
/// Connections that were closed before they had proved a key: counted, and told in the log, a few a minute, because who cannot get in must not be
/// able to fill a disk either.
/// </summary>
sealed partial class Refusals(ILogger log, TimeProvider time)
{
    readonly Lock _gate = new();
    readonly LinePace _lines = new(time);

    public long Count { get; private set; }

    /// <summary>From where the last came and why it was closed.</summary>
    public string? Last { get; private set; }

    public void Add(IPAddress? from, CloseCode code, string text)
    {
        bool tells;
        lock (_gate)
        {
            Count++;
            Last = $"{from}: {text} ({(int)code})";
            tells = _lines.Take();
        }
        if (tells)
            Refused(log, from, text, (int)code);
    }

    [LoggerMessage(1, LogLevel.Warning, "An artery from {From} was refused: {Text} ({Code})")]
    static partial void Refused(ILogger log, IPAddress? from, string text, int code);
}
