using System.Net;
using System.Net.Sockets;
using Allotrope.Kernel;
using Allotrope.Wasi.Names;

namespace Allotrope.Wasi.Http;

/// <summary>Which hosts a guest may send requests to, and which addresses those may have: none that is not said.</summary>
/// <param name="hosts">Names and addresses.</param>
public sealed class HttpHosts(IEnumerable<HttpHost> hosts)
{
    readonly HttpHost[] _hosts = [.. hosts];

    public static HttpHosts None { get; } = new([]);

    /// <param name="hosts">As <see cref="HttpHost.TryParse"/> reads them.</param>
    /// <exception cref="FormatException">One of them is no host.</exception>
    public static HttpHosts Of(IEnumerable<string> hosts) =>
        new(hosts.Select(text => HttpHost.TryParse(text) ?? throw new FormatException($"'{text}' is no host: {HttpHost.Rule}")));

    public bool Allow(Uri target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Array.Exists(_hosts, host => host.Covers(target.Scheme, target.Host, target.Port));
    }

    /// <summary>
    /// Whether a host that is allowed may be at this address. What a name means says somebody else, and he may say an address of this machine or of the network
    /// around it; so that is good only if it is granted by itself.
    /// </summary>
    public bool AllowAt(Uri target, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(address);
        if (target.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
            return true; // it is what was granted
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (PublicAddresses.AreOpenedBy(target.Host, plain))
            return true;
        var literal = plain.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{plain}]" : $"{plain}";
        return Array.Exists(_hosts, host => host.Covers(target.Scheme, literal, target.Port));
    }
}
