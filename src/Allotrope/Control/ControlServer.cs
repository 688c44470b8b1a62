using System.Net.Sockets;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Control;

/// <summary>
/// Lets the owner of the data folder make requests on the node's bus through a Unix socket that only the owner may open: the socket has
/// mode 0600 in a folder of mode 0700, which the kernel checks at connect.
/// </summary>
public sealed class ControlServer : IAsyncDisposable
{
    /// <summary>Exchanges at once; more wait in the socket's queue.</summary>
    const int ConnectionCount = 64;

    readonly ILattice _lattice;
    readonly ControlSocket _socket;
    readonly CancellationTokenSource _stop = new();
    readonly SemaphoreSlim _places = new(ConnectionCount);
    readonly Task _accepting;

    ControlServer(ILattice lattice, ControlSocket socket)
    {
        (_lattice, _socket) = (lattice, socket);
        _accepting = AcceptAsync();
    }

    /// <summary>Listens on <paramref name="path"/>; clients may connect when this returns.</summary>
    public static ControlServer Start(ILattice lattice, string path) => new(lattice, ControlSocket.Listen(path));

    /// <summary>Stops listening, ends the exchanges under way and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _accepting;
        // Whoever holds a place is done when all places are free.
        for (var i = 0; i < ConnectionCount; i++)
            await _places.WaitAsync();
        _places.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stop.Token);
                try
                {
                    _ = ServeAsync(await _socket.Listener.AcceptAsync(_stop.Token)); // gives its place back, which DisposeAsync awaits
                }
                catch
                {
                    _places.Release();
                    throw;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException && _stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    async Task ServeAsync(Socket connection)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            await AnswerAsync(stream);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The client went away, or the node stops; nobody is left to tell.
        }
        finally
        {
            _places.Release();
        }
    }

    async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            switch (await FrameCodec.ReadAsync(stream, _stop.Token))
            {
                case Frame.Request(var message, var timeout):
                    await SendAsync(stream, new Frame.Reply(WithoutStream(await _lattice.RequestAsync(message, timeout, _stop.Token))));
                    break;
                case Frame.Subscribe(var pattern):
                    await FollowAsync(stream, pattern);
                    break;
                case { } frame:
                    throw new FaultException(new Fault.Invalid("control frame", $"A client may not send a {frame.GetType().Name}."));
            }
        }
        catch (FaultException refused)
        {
            await SendAsync(stream, new Frame.Failure(refused.Fault));
        }
    }

    static Message WithoutStream(Message reply)
    {
        if (reply.Body is not { } body)
            return reply;
        body.Abandon();
        throw new FaultException(new Fault.Refused("The answer streams, which the control socket cannot carry: ask for it over HTTP."));
    }

    async Task FollowAsync(NetworkStream stream, string pattern)
    {
        await using var subscription = await _lattice.SubscribeAsync(pattern, cancellation: _stop.Token);
        await SendAsync(stream, new Frame.Reply(new Message(pattern)));

        // A client that follows says nothing more; reading tells when it has gone.
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var watching = WatchAsync();
        try
        {
            await foreach (var message in subscription.ReadAllAsync(gone.Token))
                await SendAsync(stream, new Frame.Delivery(message));
        }
        finally
        {
            stream.Close();
            await watching;
        }

        async Task WatchAsync()
        {
            try
            {
                _ = await stream.ReadAsync(new byte[1], _stop.Token);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Gone as well.
            }
            await gone.CancelAsync();
        }
    }

    async Task SendAsync(NetworkStream stream, Frame frame) => await stream.WriteAsync(FrameCodec.Encode(frame), _stop.Token);
}
