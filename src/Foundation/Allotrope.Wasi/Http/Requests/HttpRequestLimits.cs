namespace Allotrope.Wasi.Http;

/// <summary>What the requests that guests send may cost.</summary>
public sealed record HttpRequestLimits
{
    /// <summary>Of one instance at once, each until its response's body has been read or dropped.</summary>
    public int UnderWay { get; init; } = 64;

    /// <summary>Connections of all instances, idle ones included: each takes a descriptor of this process.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>Bytes of the header fields of a request, and of those of a response: as much as most servers take.</summary>
    public int HeaderBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes of a response over HTTP/2 that its peer may send and the guest has not read; at least 65,535. The program must keep .NET from making more of it: the
    /// switch <c>System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing</c>, as it is 16 MiB otherwise.
    /// </summary>
    public int ReceiveBytes { get; init; } = 64 * 1024;

    /// <summary>Characters of a path with its query.</summary>
    public int PathLength { get; init; } = 32 * 1024;

    /// <summary>How long a request waits when the guest does not say.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a guest may say.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(10);

    internal HttpWaits Waits(RequestOptions? options) =>
        new(Of(options?.ConnectTimeout()), Of(options?.FirstByteTimeout()), Of(options?.BetweenBytesTimeout()));

    TimeSpan Of(ulong? nanoseconds) => nanoseconds is { } said
        ? TimeSpan.FromTicks((long)Math.Min(said / TimeSpan.NanosecondsPerTick, (ulong)LongestWait.Ticks))
        : Wait;
}

/// <summary>How long to wait for a connection, for the response's head when the request is sent, and for each part of the response's body.</summary>
readonly record struct HttpWaits(TimeSpan Connect, TimeSpan FirstByte, TimeSpan BetweenBytes);
