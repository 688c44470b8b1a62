using System.Net.Sockets;
using Allotrope.Components;

namespace Allotrope.Wasi.Sockets;

/// <summary>The sockets that one instance has open: bounded, and closed with it.</summary>
sealed class SocketTable(NetworkRules rules, int most, CancellationToken stop) : IDisposable
{
    readonly Holdings _held = new(most);

    public NetworkRules Rules => rules;

    public CancellationToken Stop => stop;

    public int Open => _held.Count;

    public bool IsFull => _held.IsFull;

    public Result<Socket, ErrorCode> New(IpAddressFamily family, SocketType type, ProtocolType protocol)
    {
        if (IsFull)
            return ErrorCode.NewSocketLimit;
        try
        {
            var socket = new Socket(family == IpAddressFamily.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, type, protocol);
            if (family == IpAddressFamily.Ipv6)
                socket.DualMode = false;
            return socket;
        }
        catch (SocketException e)
        {
            return SocketErrors.ToErrorCode(e.SocketErrorCode);
        }
    }

    public void Add(IDisposable socket) => _held.Add(socket);

    public void Remove(IDisposable socket) => _held.Remove(socket);

    public void Dispose() => _held.Dispose();
}
