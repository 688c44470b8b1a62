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
        if (IPAddress.TryParse(name, out var address))
            return Result<IResolveAddressStream, ErrorCode>.Ok(new ResolveAddressStream(table, name, Task.FromResult<IPAddress[]>([address])));
        if (name.Length is 0 or > LongestName || Uri.CheckHostName(name) != UriHostNameType.Dns)
            return Result<IResolveAddressStream, ErrorCode>.Fail(ErrorCode.InvalidArgument);
        if (table.IsFull)
            return Result<IResolveAddressStream, ErrorCode>.Fail(ErrorCode.NewSocketLimit);
        return table.MayAsk(name)
            ? Result<IResolveAddressStream, ErrorCode>.Ok(new ResolveAddressStream(table, name, table.LookUpAsync(name)))
            : Result<IResolveAddressStream, ErrorCode>.Fail(ErrorCode.AccessDenied);
    }

    sealed class Network : INetwork
    {
        public void Dispose()
        {
        }
    }
}
