using System.Net;
using System.Net.Sockets;
using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Sockets;

/// <summary>A guest's <c>udp-socket</c>.</summary>
sealed class UdpSocket : IUdpSocket
{
    readonly SocketTable _table;
    readonly Socket _socket;
    readonly IpAddressFamily _family;
    bool _isBinding, _isBound;
    IPEndPoint? _remote;

    public UdpSocket(SocketTable table, Socket socket, IpAddressFamily family)
    {
        (_table, _socket, _family) = (table, socket, family);
        table.Add(this);
    }

    public Result<Unit, ErrorCode> StartBind(INetwork network, IpSocketAddress localAddress)
    {
        var end = Addresses.ToEndPoint(localAddress);
        if (_isBinding || _isBound)
            return ErrorCode.InvalidState;
        if (!Addresses.IsOf(end, _family))
            return ErrorCode.InvalidArgument;
        if (!_table.Rules.Allows(NetworkUse.Receive, end))
            return ErrorCode.AccessDenied;
        return SocketErrors.Try(() =>
        {
            _socket.Bind(end);
            _isBinding = true;
        });
    }

    public Result<Unit, ErrorCode> FinishBind()
    {
        if (!_isBinding)
            return ErrorCode.NotInProgress;
        (_isBinding, _isBound) = (false, true);
        return default(Unit);
    }

    /// <summary>Both directions, from and to anybody that is allowed or from and to one. The streams of an earlier call are of no use then.</summary>
    public Result<(IIncomingDatagramStream, IOutgoingDatagramStream), ErrorCode> Stream(IpSocketAddress? remoteAddress)
    {
        if (!_isBound)
            return ErrorCode.InvalidState;
        var remote = remoteAddress is null ? null : Addresses.ToEndPoint(remoteAddress);
        if (remote is not null && (!Addresses.IsOf(remote, _family) || !Addresses.IsUnicast(remote.Address) || remote.Port == 0))
            return ErrorCode.InvalidArgument;
        if (remote is not null && !_table.Rules.Allows(NetworkUse.Send, remote))
            return ErrorCode.AccessDenied;
        _remote = remote;
        IIncomingDatagramStream incoming = new IncomingDatagrams(_socket, _family, remote, _table.Stop);
        IOutgoingDatagramStream outgoing = new OutgoingDatagrams(_socket, _family, remote, _table);
        return (incoming, outgoing);
    }

    public Result<IpSocketAddress, ErrorCode> LocalAddress() => _isBound && _socket.LocalEndPoint is IPEndPoint end
        ? Result<IpSocketAddress, ErrorCode>.Ok(Addresses.FromEndPoint(end))
        : Result<IpSocketAddress, ErrorCode>.Fail(ErrorCode.InvalidState);

    public Result<IpSocketAddress, ErrorCode> RemoteAddress() => _remote is { } end
        ? Result<IpSocketAddress, ErrorCode>.Ok(Addresses.FromEndPoint(end))
        : Result<IpSocketAddress, ErrorCode>.Fail(ErrorCode.InvalidState);

    public IpAddressFamily AddressFamily() => _family;

    public Result<byte, ErrorCode> UnicastHopLimit() => Get(Level, SocketOptionName.IpTimeToLive, value => (byte)value);

    public Result<Unit, ErrorCode> SetUnicastHopLimit(byte value) => Set(Level, SocketOptionName.IpTimeToLive, value);

    public Result<ulong, ErrorCode> ReceiveBufferSize() => Get(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer, value => (ulong)value);

    public Result<Unit, ErrorCode> SetReceiveBufferSize(ulong value) => Set(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer, Math.Min(value, 1 << 20));

    public Result<ulong, ErrorCode> SendBufferSize() => Get(SocketOptionLevel.Socket, SocketOptionName.SendBuffer, value => (ulong)value);

    public Result<Unit, ErrorCode> SetSendBufferSize(ulong value) => Set(SocketOptionLevel.Socket, SocketOptionName.SendBuffer, Math.Min(value, 1 << 20));

    // Nothing that a UDP socket itself begins takes time.
    public IPollable Subscribe() => new Pollable(new TaskWait(() => Task.CompletedTask), _table.Stop);

    SocketOptionLevel Level => _family == IpAddressFamily.Ipv4 ? SocketOptionLevel.IP : SocketOptionLevel.IPv6;

    Result<T, ErrorCode> Get<T>(SocketOptionLevel level, SocketOptionName name, Func<int, T> of)
    {
        T value = default!;
        var read = SocketErrors.Try(() => value = of((int)_socket.GetSocketOption(level, name)!));
        return read.IsOk ? Result<T, ErrorCode>.Ok(value) : Result<T, ErrorCode>.Fail(read.Error);
    }

    Result<Unit, ErrorCode> Set(SocketOptionLevel level, SocketOptionName name, ulong value) =>
        value == 0 ? ErrorCode.InvalidArgument : SocketErrors.Try(() => _socket.SetSocketOption(level, name, (int)value));

    public void Dispose()
    {
        _socket.Dispose();
        _table.Remove(this);
    }
}
