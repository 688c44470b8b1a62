using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Allotrope.Arteries;

/// <summary>What the operator of a node decides about its arteries. The defaults suit services on the same machine.</summary>
public sealed record ArteriesOptions
{
    /// <summary>Where services and browsers dial the core.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>0 to 65535; 0 lets the system choose a free one.</summary>
    public int Port { get; init; } = 1122;

    /// <summary>
    /// With a certificate and its private key the listener speaks TLS, and browsers need not seal their frames. Not disposed by the module.
    /// </summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Wires open at once; more are closed as they come.</summary>
    public int Connections { get; init; } = 4096;

    /// <summary>Where the intents of zones that want it are archived, one folder a zone; <see langword="null"/> archives nothing.</summary>
    public string? Archive { get; init; }

    public ZoneLimits Limits { get; init; } = new();
}
