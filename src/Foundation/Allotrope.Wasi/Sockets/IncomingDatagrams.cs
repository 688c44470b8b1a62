using System.Net;
using System.Net.Sockets;
using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Sockets;

/// <summary>What comes to a UDP socket.</summary>
sealed class IncomingDatagrams(Socket socket, IpAddressFamily family, IPEndPoint? remote, CancellationToken stop) : IIncomingDatagramStream, IWaitable
{
    /// <summary>Datagrams that one call looks at, each up to 64 KiB.</summary>
    const int Most = 16;

    public Result<IncomingDatagram[], ErrorCode> Receive(ulong maxResults)
    {
        var datagrams = new List<IncomingDatagram>();
        var buffer = new byte[65_536];
        try
        {
            // Those of others are passed over, but count: they might never end. Asked by poll, since an empty datagram has no bytes available.
            for (var looks = 0; looks < Most && (ulong)datagrams.Count < maxResults && socket.Poll(0, SelectMode.SelectRead); looks++)
            {
                EndPoint from = new IPEndPoint(family == IpAddressFamily.Ipv4 ? IPAddress.Any : IPAddress.IPv6Any, 0);
                var length = socket.ReceiveFrom(buffer, ref from);
                if (remote is null || remote.Equals(from))
                    datagrams.Add(new(buffer.AsMemory(0, length).ToArray(), Addresses.FromEndPoint((IPEndPoint)from)));
            }

            return datagrams.ToArray();
        }
        catch (SocketException e)
        {
            if (datagrams.Count == 0)
                return SocketErrors.ToErrorCode(e.SocketErrorCode);
            return datagrams.ToArray();
        }
        catch (ObjectDisposedException)
        {
            return ErrorCode.InvalidState;
        }
    }

    public bool Ready
    {
        get
        {
            try
            {
                return socket.Poll(0, SelectMode.SelectRead);
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }
    }

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        try
        {
            // To receive nothing, looking only, waits for the next datagram and leaves it there.
            await socket.ReceiveFromAsync(Memory<byte>.Empty, SocketFlags.Peek, new IPEndPoint(family == IpAddressFamily.Ipv4 ? IPAddress.Any : IPAddress.IPv6Any, 0), cancellation);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // ready: the next call says what is wrong
        }
    }

    public IPollable Subscribe() => new Pollable(this, stop);

    public void Dispose()
    {
    }
}
