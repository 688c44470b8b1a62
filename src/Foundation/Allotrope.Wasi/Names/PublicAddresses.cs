using System.Net;
using System.Net.Sockets;

namespace Allotrope.Wasi.Names;

/// <summary>The addresses of the Internet, without those of this machine, of the networks around it and of special use (RFC 6890 and IANA's registries).</summary>
static class PublicAddresses
{
    static readonly IPNetwork[] Special4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>What global unicast addresses are given out of.</summary>
    static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    // Teredo and 6to4 have an IPv4 address within, which could be any.
    static readonly IPNetwork[] Special6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>Behind it an IPv4 address that a translator reaches (RFC 6052).</summary>
    static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>
    /// Whether a name opens an address by itself: who answers for a name says which it stands for, and only <c>localhost</c> always means this machine (RFC 6761,
    /// section 6.3), whoever is asked.
    /// </summary>
    public static bool AreOpenedBy(string name, IPAddress address) => Contain(address) || (IPAddress.IsLoopback(address) && IsLocalhost(name));

    public static bool IsLocalhost(string name) => name.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    public static bool Contain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        else if (address.AddressFamily == AddressFamily.InterNetworkV6 && Translated.Contains(address))
            address = new IPAddress(address.GetAddressBytes().AsSpan(12));
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(Special4, network => network.Contains(address))
            : address.AddressFamily == AddressFamily.InterNetworkV6 && Global6.Contains(address) && !Array.Exists(Special6, network => network.Contains(address));
    }
}
