using System.Net.Sockets;
using Allotrope.Components;

namespace Allotrope.Wasi.Sockets;

/// <summary>What can be set of a connection. Sizes and times are hints: the system takes what it can.</summary>
sealed partial class TcpSocket
{
    const ulong Second = 1_000_000_000;

    public Result<Unit, ErrorCode> SetListenBacklogSize(ulong value)
    {
        if (value == 0)
            return ErrorCode.InvalidArgument;
        if (_phase is Phase.Connecting or Phase.Connected or Phase.Closed)
            return ErrorCode.InvalidState;
        _backlog = (int)Math.Min(value, 4096);
        return _phase == Phase.Listening ? SocketErrors.Try(() => _socket.Listen(_backlog)) : default(Unit);
    }

    public Result<bool, ErrorCode> KeepAliveEnabled() => Get(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, value => value != 0);

    public Result<Unit, ErrorCode> SetKeepAliveEnabled(bool value) => Set(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, value ? 1 : 0);

    public Result<ulong, ErrorCode> KeepAliveIdleTime() => Get(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, value => (ulong)value * Second);

    public Result<Unit, ErrorCode> SetKeepAliveIdleTime(ulong value) => Set(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Seconds(value));

    public Result<ulong, ErrorCode> KeepAliveInterval() => Get(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, value => (ulong)value * Second);

    public Result<Unit, ErrorCode> SetKeepAliveInterval(ulong value) => Set(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Seconds(value));

    public Result<uint, ErrorCode> KeepAliveCount() => Get(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, value => (uint)value);

    public Result<Unit, ErrorCode> SetKeepAliveCount(uint value) => Set(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, (int)Math.Min(value, 127));

    public Result<byte, ErrorCode> HopLimit() => Get(Level, SocketOptionName.IpTimeToLive, value => (byte)value);

    public Result<Unit, ErrorCode> SetHopLimit(byte value) => Set(Level, SocketOptionName.IpTimeToLive, value);

    public Result<ulong, ErrorCode> ReceiveBufferSize() => Get(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer, value => (ulong)value);

    public Result<Unit, ErrorCode> SetReceiveBufferSize(ulong value) => Set(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer, Size(value));

    public Result<ulong, ErrorCode> SendBufferSize() => Get(SocketOptionLevel.Socket, SocketOptionName.SendBuffer, value => (ulong)value);

    public Result<Unit, ErrorCode> SetSendBufferSize(ulong value) => Set(SocketOptionLevel.Socket, SocketOptionName.SendBuffer, Size(value));

    SocketOptionLevel Level => _family == IpAddressFamily.Ipv4 ? SocketOptionLevel.IP : SocketOptionLevel.IPv6;

    Result<T, ErrorCode> Get<T>(SocketOptionLevel level, SocketOptionName name, Func<int, T> of)
    {
        T value = default!;
        var read = SocketErrors.Try(() => value = of((int)_socket.GetSocketOption(level, name)!));
        return read.IsOk ? Result<T, ErrorCode>.Ok(value) : Result<T, ErrorCode>.Fail(read.Error);
    }

    /// <summary>Zero is no value for any of them but to switch something off.</summary>
    Result<Unit, ErrorCode> Set(SocketOptionLevel level, SocketOptionName name, int value) => value == 0 && name != SocketOptionName.KeepAlive
        ? ErrorCode.InvalidArgument
        : SocketErrors.Try(() => _socket.SetSocketOption(level, name, value));

    /// <summary>At least one second, unless nothing was asked for.</summary>
    static int Seconds(ulong nanoseconds) => nanoseconds == 0 ? 0 : (int)Math.Clamp(nanoseconds / Second, 1, 32_767);

    static int Size(ulong bytes) => (int)Math.Min(bytes, 1 << 20);
}
