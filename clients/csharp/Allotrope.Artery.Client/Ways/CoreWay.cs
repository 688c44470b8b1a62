using System.Net;
using System.Net.WebSockets;

namespace Allotrope.Artery.Client;

/// <summary>How a service and its core come together: who dials does not matter for anything else. The service that is given it owns it.</summary>
public sealed class CoreWay
{
    /// <summary>Where services listen that the manifest says nothing else of.</summary>
    public const int DefaultPort = 1122;

    readonly Func<CancellationToken, Task<CoreWire>>[] _inOrder;
    readonly CoreListener? _listener;

    CoreWay(bool dials, params Func<CancellationToken, Task<CoreWire>>[] inOrder) => (Dials, _inOrder) = (dials, inOrder);

    CoreWay(CoreListener listener)
        : this(false, listener.NextAsync) => _listener = listener;

    /// <summary>Whether this service begins the handshake.</summary>
    public bool Dials { get; }

    /// <summary>Where it listens; <see langword="null"/> when it does not.</summary>
    public int? Port => _listener?.Port;

    /// <summary>Dials the core by WebSocket, several ways in turn; without TLS (<c>ws:</c>) everything is encrypted by the artery itself.</summary>
    /// <param name="cores">Such as <c>ws://core:1122/artery</c>.</param>
    public static CoreWay Dial(params Uri[] cores)
    {
        ArgumentOutOfRangeException.ThrowIfZero(cores.Length, nameof(cores));
        var attempt = -1;
        return new(true, async cancellation =>
        {
            var core = cores[(attempt = (attempt + 1) % cores.Length)];
            var socket = new ClientWebSocket();
            try
            {
                socket.Options.AddSubProtocol(WebSocketTransport.Subprotocol);
                socket.Options.KeepAliveInterval = TimeSpan.Zero; // heartbeats do that, and better
                await socket.ConnectAsync(core, cancellation);
                return new CoreWire(new WebSocketTransport(socket), IsPrivate: core.Scheme == Uri.UriSchemeWss);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        });
    }

    /// <summary>Dials by any transport: each call makes a fresh one.</summary>
    public static CoreWay Dial(Func<CancellationToken, Task<CoreWire>> connect) => new(true, connect);

    /// <summary>Listens for the core, which dials its services, as the original does: from now until the service is disposed.</summary>
    /// <param name="port">0 for any that is free; see <see cref="Port"/>.</param>
    /// <param name="address">All of the machine's when not said.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The port cannot be had.</exception>
    public static CoreWay Listen(int port = DefaultPort, IPAddress? address = null) =>
        new(new CoreListener(new IPEndPoint(address ?? IPAddress.Any, port)));

    /// <summary>Lets the core dial, by any transport: each call gives the next that came in, and waits for it.</summary>
    public static CoreWay Accept(Func<CancellationToken, Task<CoreWire>> accept) => new(false, accept);

    /// <summary>
    /// Several ways in order of priority, such as memory within one process and then a WebSocket: the first that opens is used, when it is lost the
    /// next is tried at once, and while a lower one is in use a higher takes over as soon as it opens again.
    /// </summary>
    /// <exception cref="ArgumentException">There is none, or one of them lets the core dial.</exception>
    public static CoreWay InOrder(params CoreWay[] ways)
    {
        if (ways.Length == 0 || !Array.TrueForAll(ways, way => way.Dials))
            throw new ArgumentException("Ways in order are one or more on which this service dials.", nameof(ways));
        return new(true, [.. ways.SelectMany(way => way._inOrder)]);
    }

    /// <summary>How many there are, the first being the best.</summary>
    internal int Count => _inOrder.Length;

    internal Task<CoreWire> NextAsync(int rank, CancellationToken cancellation) => _inOrder[rank](cancellation);

    internal ValueTask CloseAsync() => _listener?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A fresh transport to the core.</summary>
/// <param name="IsPrivate">It is TLS, loopback or one process, so that the artery need not encrypt.</param>
public readonly record struct CoreWire(IArteryTransport Transport, bool IsPrivate = false);
