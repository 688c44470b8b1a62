using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Allotrope.Wasi.Sockets;

/// <summary>Addresses as WASI has them, and as .NET does.</summary>
static class Addresses
{
    public static IPEndPoint ToEndPoint(IpSocketAddress address) => address switch
    {
        IpSocketAddress.Ipv4 { Value: var (port, (a, b, c, d)) } => new IPEndPoint(new IPAddress([a, b, c, d]), port),
        IpSocketAddress.Ipv6 { Value: var six } => new IPEndPoint(ToAddress(six), six.Port),
        _ => throw new ArgumentException("no address", nameof(address)),
    };

    public static IpSocketAddress FromEndPoint(IPEndPoint end) => end.AddressFamily == AddressFamily.InterNetwork
        ? new IpSocketAddress.Ipv4(new((ushort)end.Port, Four(end.Address)))
        : new IpSocketAddress.Ipv6(new((ushort)end.Port, 0, Six(end.Address), (uint)end.Address.ScopeId));

    public static IpAddress FromAddress(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? new IpAddress.Ipv4(Four(address)) : new IpAddress.Ipv6(Six(address));

    /// <summary>Whether an address is of a family; IPv4 addresses in IPv6's form are of neither, as WASI has it.</summary>
    public static bool IsOf(IPEndPoint end, IpAddressFamily family) =>
        end.AddressFamily == (family == IpAddressFamily.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6) && !end.Address.IsIPv4MappedToIPv6;

    /// <summary>No packet goes to one machine by it: all, some, or none.</summary>
    public static bool IsUnicast(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.GetAddressBytes() is [< 224, ..] && !address.Equals(IPAddress.Any)
        : !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);

    static (byte, byte, byte, byte) Four(IPAddress address) => address.GetAddressBytes() is [var a, var b, var c, var d]
        ? (a, b, c, d)
        : throw new ArgumentException("no IPv4 address", nameof(address));

    static (ushort, ushort, ushort, ushort, ushort, ushort, ushort, ushort) Six(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        ushort At(int i) => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(i * 2));
        return (At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7));
    }

    static IPAddress ToAddress(Ipv6SocketAddress six)
    {
        var (a, b, c, d, e, f, g, h) = six.Address;
        Span<byte> bytes = stackalloc byte[16];
        ReadOnlySpan<ushort> parts = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < parts.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(i * 2)..], parts[i]);
        return new IPAddress(bytes, six.ScopeId);
    }
}
