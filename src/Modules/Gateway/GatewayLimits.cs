
namespace Allotrope.Gateway;

/// <summary>What one client may cost, each bound with its reason. They hold for every listener.</summary>
public sealed record GatewayLimits
{
    /// <summary>Bytes of a request body, beyond which the client is told 413. Bodies are held in memory whole until they can be streamed.</summary>
    public int BodyLength { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of all request bodies held at once, beyond which clients are told 503: a small part of any machine's memory.</summary>
    public long BodiesLength { get; init; } = 256 * 1024 * 1024;

    /// <summary>Bytes of all request headers together, beyond which the client is told 431; what browsers and proxies keep to.</summary>
    public int HeadersLength { get; init; } = 32 * 1024;

    /// <summary>Number of request headers, beyond which the client is told 431.</summary>
    public int HeaderCount { get; init; } = 100;

    /// <summary>Bytes of method, path and query together, beyond which the client is told 414.</summary>
    public int RequestLineLength { get; init; } = 8 * 1024;

    /// <summary>Open connections of one listener; more are closed as they come. A few hundred MiB of buffers at worst.</summary>
    public int Connections { get; init; } = 4096;

    /// <summary>How long a client may take to send its request line and headers.</summary>
    public TimeSpan HeadersTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an idle connection is kept.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Bytes a second below which a client that sends a body or reads an answer is cut off.</summary>
    public int SlowestClient { get; init; } = 240;

    /// <summary>How long a client may be slower than <see cref="SlowestClient"/>; at least one second.</summary>
    public TimeSpan SlowClientGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a client may take or send nothing of a body that streams: as long as <see cref="SlowestClient"/> takes for what the system's buffers hold before
    /// they say that there is room, some two and a half hours. Kestrel looks at the average, by which one that was fast could then stall for days.
    /// </summary>
    internal TimeSpan LongestStall
    {
        get
        {
            if (field > TimeSpan.Zero)
                return field;
            var lump = TimeSpan.FromSeconds((double)MostLump / SlowestClient);
            return lump > SlowClientGrace ? lump : SlowClientGrace;
        }
        init;
    }

    /// <summary>
    /// Bytes by which a slow client seems to move: Linux lets a sender's buffer grow to 4 MiB and has it go on when a third is free, and a receiver's to 6 MiB and has
    /// it ask for more when a sixteenth is (tcp(7)).
    /// </summary>
    const int MostLump = 2 * 1024 * 1024;
}
