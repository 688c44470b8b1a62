using System.Net;
using System.Net.Sockets;

namespace Allotrope.Wasi.Http;

/// <summary>A connection that is counted for as long as it is open.</summary>
sealed class ConnectedStream : NetworkStream
{
    Action? _closed;

    ConnectedStream(Socket socket, Action closed)
        : base(socket, ownsSocket: true) => _closed = closed;

    /// <param name="end">Of the peer.</param>
    /// <param name="closed">Called once, also when there is no connection.</param>
    /// <exception cref="SocketException">There is none.</exception>
    public static async ValueTask<ConnectedStream> ConnectAsync(IPEndPoint end, Action closed, CancellationToken cancellation)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(end, cancellation);
            return new ConnectedStream(socket, closed);
        }
        catch
        {
            socket?.Dispose();
            closed();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Interlocked.Exchange(ref _closed, null)?.Invoke();
    }
}
