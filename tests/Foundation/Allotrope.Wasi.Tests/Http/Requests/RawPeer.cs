using System.Net;
using System.Net.Sockets;

namespace Allotrope.Wasi.Tests.Http.Requests;

/// <summary>A server that does with each connection what the test says, and no more.</summary>
sealed class RawPeer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Func<NetworkStream, Task> _serve;
    readonly Task _accepting;
    int _accepted;

    public RawPeer(Func<NetworkStream, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Authority => $"{_listener.LocalEndpoint}";

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Reads until a request's head has come.</summary>
    public static async Task<string> HeadAsync(Stream stream)
    {
        var (head, one) = (new System.Text.StringBuilder(), new byte[1]);
        while (await stream.ReadAsync(one) == 1)
        {
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                break;
        }

        return head.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _accepted);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception error) when (error is SocketException or InvalidOperationException) // closed before or while it waits
        {
        }
    }

    async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        await _serve(stream);
    }
}
