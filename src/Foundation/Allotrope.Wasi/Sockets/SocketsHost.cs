using System.Net;
using System.Net.Sockets;
using Allotrope.Components;

namespace Allotrope.Wasi.Sockets;

/// <summary>Makes sockets and asks for names: <c>wasi:sockets</c>' functions that belong to no resource.</summary>
sealed class SocketsHost(SocketTable table) : IInstanceNetwork, ITcpCreateSocket, IUdpCreateSocket, IIpNameLookup
{
    /// <summary>The longest name of DNS.</summary>
    const int LongestName = 253;

    /// <summary>All instances have the one network; what they may do in it is asked at each use.</summary>
    public INetwork InstanceNetwork() => new Network();

    public Result<ITcpSocket, ErrorCode> CreateTcpSocket(IpAddressFamily addressFamily)
    {
        var socket = table.New(addressFamily, SocketType.Stream, ProtocolType.Tcp);
        return socket.IsOk ? Result<ITcpSocket, ErrorCode>.Ok(new TcpSocket(table, socket.Value, addressFamily)) : Result<ITcpSocket, ErrorCode>.Fail(socket.Error);
    }

    public Result<IUdpSocket, ErrorCode> CreateUdpSocket(IpAddressFamily addressFamily)
    {
        var socket = table.New(addressFamily, SocketType.Dgram, ProtocolType.Udp);
        return socket.IsOk ? Result<IUdpSocket, ErrorCode>.Ok(new UdpSocket(table, socket.Value, addressFamily)) : Result<IUdpSocket, ErrorCode>.Fail(socket.Error);
    }

    public Result<IResolveAddressStream, ErrorCode> ResolveAddresses(INetwork network, string name)
    {
        var isAddress = IPAddress.TryParse(name, out var address);
        if (!isAddress && (name.Length is 0 or > LongestName || Uri.CheckHostName(name) != UriHostNameType.Dns))
            return Result<IResolveAddressStream, ErrorCode>.Fail(ErrorCode.InvalidArgument);
        if (table.Refusal() is { } refusal)
            return Result<IResolveAddressStream, ErrorCode>.Fail(refusal);
        if (isAddress)
            return Result<IResolveAddressStream, ErrorCode>.Ok(new ResolveAddressStream(table, name, _ => Task.FromResult<IPAddress[]>([address!])));
        return table.MayAsk(name)
            ? Result<IResolveAddressStream, ErrorCode>.Ok(new ResolveAddressStream(table, name, wanted => table.LookUpAsync(name, wanted)))
            : Result<IResolveAddressStream, ErrorCode>.Fail(ErrorCode.AccessDenied);
    }

    sealed class Network : INetwork
    {
        public void Dispose()
        {
        }
    }
}
