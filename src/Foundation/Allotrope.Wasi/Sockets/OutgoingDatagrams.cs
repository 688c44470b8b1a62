using System.Net;
using System.Net.Sockets;
using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Sockets;

/// <summary>What leaves a UDP socket: at once, or dropped by the system, as it is with UDP.</summary>
sealed class OutgoingDatagrams(Socket socket, IpAddressFamily family, IPEndPoint? remote, SocketTable table) : IOutgoingDatagramStream
{
    /// <summary>Datagrams of one call.</summary>
    const int Most = 16;

    ulong _permit;

    public Result<ulong, ErrorCode> CheckSend() => _permit = Most;

    public Result<ulong, ErrorCode> Send(OutgoingDatagram[] datagrams)
    {
        if ((ulong)datagrams.Length > _permit)
            throw new ComponentTrap($"{datagrams.Length} datagrams are sent, where check-send permitted {_permit}");
        ulong sent = 0;
        foreach (var datagram in datagrams)
        {
            if (Send(datagram) is { IsOk: false, Error: var error })
                return sent == 0 ? Result<ulong, ErrorCode>.Fail(error) : Result<ulong, ErrorCode>.Ok(Spent(sent));
            sent++;
        }

        return Spent(sent);
    }

    ulong Spent(ulong sent)
    {
        _permit -= sent;
        return sent;
    }

    Result<Unit, ErrorCode> Send(OutgoingDatagram datagram)
    {
        var to = datagram.RemoteAddress is null ? remote : Addresses.ToEndPoint(datagram.RemoteAddress);
        if (to is null || (remote is not null && !remote.Equals(to)) || !Addresses.IsOf(to, family) || to.Port == 0 || !Addresses.IsUnicast(to.Address))
            return ErrorCode.InvalidArgument;
        if (!table.Rules.Allows(NetworkUse.Send, to))
            return ErrorCode.AccessDenied;
        try
        {
            socket.SendTo(datagram.Data.Span, to);
            return default(Unit);
        }
        catch (SocketException e)
        {
            return SocketErrors.ToErrorCode(e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            return ErrorCode.InvalidState;
        }
    }

    public IPollable Subscribe() => new Pollable(new TaskWait(() => Task.CompletedTask), table.Stop);

    public void Dispose()
    {
    }
}
