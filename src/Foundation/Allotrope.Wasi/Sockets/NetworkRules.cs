using System.Net;

namespace Allotrope.Wasi.Sockets;

/// <summary>What a guest wants an address for.</summary>
public enum NetworkUse
{
    /// <summary>To connect by TCP.</summary>
    Connect,

    /// <summary>To listen, or to bind before connecting, by TCP.</summary>
    Listen,

    /// <summary>To receive datagrams at it.</summary>
    Receive,

    /// <summary>To send datagrams to it.</summary>
    Send,
}

/// <summary>Addresses that a guest may use.</summary>
/// <param name="Use">For what.</param>
/// <param name="Network">Which addresses. For <see cref="NetworkUse.Listen"/> and <see cref="NetworkUse.Receive"/>, of this machine.</param>
/// <param name="FirstPort">0 alone is the port that the system chooses.</param>
/// <param name="LastPort">With this.</param>
public readonly record struct NetworkRule(NetworkUse Use, IPNetwork Network, ushort FirstPort, ushort LastPort);

/// <summary>What a guest may reach over the network: nothing that is not said.</summary>
public sealed record NetworkRules
{
    public static NetworkRules None { get; } = new();

    public IReadOnlyList<NetworkRule> Rules { get; init; } = [];

    /// <summary>Names that it may ask for, without regard to case; a name that begins with a dot stands for all that end in it.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public bool Allows(NetworkUse use, IPEndPoint end)
    {
        ArgumentNullException.ThrowIfNull(end);
        // An IPv4 address in IPv6's clothes is the IPv4 address: otherwise a rule about one could be passed by the other.
        var address = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
        return Rules.Any(rule => rule.Use == use && rule.FirstPort <= end.Port && end.Port <= rule.LastPort && rule.Network.Contains(address));
    }

    public bool AllowsName(string name) => Names.Any(allowed => allowed.StartsWith('.')
        ? name.EndsWith(allowed, StringComparison.OrdinalIgnoreCase)
        : name.Equals(allowed, StringComparison.OrdinalIgnoreCase));
}
