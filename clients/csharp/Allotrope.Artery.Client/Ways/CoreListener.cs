using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Allotrope.Artery.Client;

/// <summary>Takes the WebSockets of cores that dial, as the original's services do. What is no such dial is answered and let go.</summary>
sealed class CoreListener : IAsyncDisposable
{
    /// <summary>Connections that are on their way at once; a zone has one core, so more are nobody's.</summary>
    const int Pending = 16;

    readonly TcpListener _listener;
    readonly Channel<CoreWire> _wires = Channel.CreateBounded<CoreWire>(Pending);
    readonly CancellationTokenSource _stop = new();
    readonly Task _listening;

    /// <exception cref="SocketException">The address cannot be had.</exception>
    public CoreListener(IPEndPoint address)
    {
        _listener = new TcpListener(address);
        _listener.Start(Pending);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _listening = ListenAsync();
    }

    public int Port { get; }

    public Task<CoreWire> NextAsync(CancellationToken cancellation) => _wires.Reader.ReadAsync(cancellation).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _listening;
        while (_wires.Reader.TryRead(out var wire))
            await wire.Transport.DisposeAsync();
        _stop.Dispose();
    }

    async Task ListenAsync()
    {
        List<Task> upgrades = [];
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                upgrades.RemoveAll(upgrade => upgrade.IsCompleted);
                if (upgrades.Count < Pending)
                    upgrades.Add(UpgradeAsync(socket));
                else
                    socket.Dispose();
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Stopped
        }

        await Task.WhenAll(upgrades);
    }

    async Task UpgradeAsync(Socket socket)
    {
        var near = socket.RemoteEndPoint is IPEndPoint peer && IPAddress.IsLoopback(peer.Address);
        socket.NoDelay = true;
        var stream = new NetworkStream(socket, ownsSocket: true);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        late.CancelAfter(ArteryLimits.HandshakeTime);
        try
        {
            if (await WebSocketUpgrade.AcceptAsync(stream, late.Token) is not { } accepted)
                return;
            var wire = new CoreWire(new WebSocketTransport(accepted), IsPrivate: near);
            if (!_wires.Writer.TryWrite(wire))
                await wire.Transport.DisposeAsync();
        }
        catch (Exception lost) when (lost is IOException or OperationCanceledException or ObjectDisposedException)
        {
            await stream.DisposeAsync();
        }
    }
}
