using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Allotrope.Gateway;

/// <summary>What the operator of a node decides about its HTTP side. The defaults suit one machine and its own browser.</summary>
public sealed record GatewayOptions
{
    /// <summary>The port of links that name none, 0 to 65535; 0 lets the system choose a free one when the first such route appears.</summary>
    public int DefaultPort { get; init; } = 8080;

    /// <summary>The address that links listen on unless they name one.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Allows plain HTTP beyond loopback. The program prints that it is on.</summary>
    public bool Insecure { get; init; }

    /// <summary>
    /// With a certificate and its private key every listener speaks TLS and may listen beyond loopback. Not disposed by the gateway.
    /// </summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// The longest an answer may take before the client is told 504. Each actor has a budget of its own, usually shorter; this one
    /// catches what that does not, such as a queue that never moves.
    /// </summary>
    public TimeSpan CallTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests under way may still run when their listener closes.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a listener that could not open waits before it tries again; the program holding its port may end.</summary>
    public TimeSpan RetryTime { get; init; } = TimeSpan.FromSeconds(2);

    public GatewayLimits Limits { get; init; } = new();
}
