using System.Net;
using Allotrope.Kernel;

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

    /// <param name="peers">As <see cref="TcpPeer.TryParse"/> reads them.</param>
    /// <exception cref="FormatException">One of them is no peer.</exception>
    public static NetworkRules Of(IEnumerable<string> peers) =>
        new() { Peers = [.. peers.Select(text => TcpPeer.TryParse(text) ?? throw new FormatException($"'{text}' is no peer: {TcpPeer.Rule}"))] };

    public IReadOnlyList<NetworkRule> Rules { get; init; } = [];

    /// <summary>
    /// Where it may connect to by TCP. A name stands for the addresses that the guest has been told of it, if they are of the Internet: who answers for the name
    /// says which, and must not open this machine or the network around it.
    /// </summary>
    public IReadOnlyList<TcpPeer> Peers { get; init; } = [];

    public bool Allows(NetworkUse use, IPEndPoint end)
    {
        ArgumentNullException.ThrowIfNull(end);
        // An IPv4 address in IPv6's clothes is the IPv4 address: otherwise a rule about one could be passed by the other.
        var address = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
        return Rules.Any(rule => rule.Use == use && rule.FirstPort <= end.Port && end.Port <= rule.LastPort && rule.Network.Contains(address));
    }

    /// <summary>Whether it may ask for the addresses of a name.</summary>
    public bool AllowsName(string name) => Peers.Any(peer => peer.CoversName(name));
}
