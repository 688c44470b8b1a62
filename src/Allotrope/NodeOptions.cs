using System.Net;
using Allotrope.Contracts;
using Allotrope.DataFolder;
using Allotrope.Kernel;
using Microsoft.Extensions.Logging;

namespace Allotrope;

/// <summary>What the operator of a node decides, and the world it runs in.</summary>
/// <param name="HttpPort">The port of routes that name none; 0 for any free one.</param>
/// <param name="Insecure">Allow plain HTTP beyond loopback.</param>
/// <param name="Verbose">Log what the node does, not only what went wrong.</param>
public sealed record NodeOptions(FolderLayout Layout, int HttpPort, bool Insecure, bool Verbose)
{
    /// <summary>The port on which services and browsers dial the cores of zones; 0 for any free one.</summary>
    public int ArteryPort { get; init; } = ZoneService.DefaultPort;

    /// <summary>The address of that port. Beyond loopback, frames are sealed unless TLS does it.</summary>
    public IPAddress ArteryAddress { get; init; } = IPAddress.Loopback;

    /// <summary>A PEM file with a certificate and its private key, with which that port speaks TLS.</summary>
    public string? ArteryCertificate { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IRandom Random { get; init; } = SystemRandom.Instance;

    /// <summary>The node's own log goes to the error stream, away from what the command prints.</summary>
    public ILoggerFactory CreateLoggers() => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(Verbose ? LogLevel.Information : LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting", Verbose ? LogLevel.Information : LogLevel.None) // what it logs is thrown too, and told as a fault
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ss.fffZ ")));
}
