using System.Net;
using System.Net.Sockets;

namespace Allotrope.Wasi.Http;

/// <summary>A request that went nowhere, because that was not granted.</summary>
/// <param name="Target">Where it was to go.</param>
/// <param name="Address">What the name stands for, where only that is not granted.</param>
public sealed record HttpDenial(Uri Target, IPAddress? Address)
{
    /// <summary>Scheme, host and port.</summary>
    public string Where => Target.GetLeftPart(UriPartial.Authority);

    /// <summary>The host that, granted, would let it go there.</summary>
    public string Missing
    {
        get
        {
            var host = Address is null ? Target.Host : Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Address}]" : $"{Address}";
            return Target.IsDefaultPort ? host : $"{host}:{Target.Port}";
        }
    }
}
