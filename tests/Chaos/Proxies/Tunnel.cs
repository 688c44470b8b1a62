using System.Net;
using System.Net.Sockets;

namespace Allotrope.Chaos.Proxies;

/// <summary>One connection through a proxy.</summary>
sealed class Tunnel(ChaosProxy proxy, Socket near)
{
    public const int BufferBytes = 64 * 1024;

    readonly Socket _far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveBufferSize = BufferBytes,
        SendBufferSize = BufferBytes,
    };

    readonly CancellationTokenSource _cut = new();

    /// <summary>Bytes are missing: it can only be cut.</summary>
    public bool HasDropped { get; set; }

    public void Cut()
    {
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has come to its end meanwhile
        }
    }

    /// <summary>Until either side closes, or it is cut.</summary>
    public async Task CarryAsync(IPEndPoint? target, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _cut.Token);
        near.NoDelay = true;
        try
        {
            if (target is not null)
            {
                await _far.ConnectAsync(target, either.Token);
                await Task.WhenAll(PumpAsync(near, _far, either), PumpAsync(_far, near, either));
            }
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Both sides learn it by the reset
        }

        var isReset = _cut.IsCancellationRequested || target is null;
        foreach (var socket in new[] { near, _far })
        {
            if (isReset)
                socket.LingerState = new LingerOption(true, 0); // resets instead of closing in order
            socket.Dispose();
        }

        _cut.Dispose();
    }

    async Task PumpAsync(Socket from, Socket to, CancellationTokenSource either)
    {
        var bytes = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(bytes, either.Token) is > 0 and var count)
                if (!await proxy.PassAsync(this, either.Token))
                    for (var sent = 0; sent < count;)
                        sent += await to.SendAsync(bytes.AsMemory(sent, count - sent), either.Token);
            if (!HasDropped)
                to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            await either.CancelAsync();
        }
    }
}
