using System.Net;
using System.Net.Sockets;

namespace Allotrope.Chaos.Proxies;

/// <summary>A TCP proxy between a service and its core, which can cut, stall and drop. It listens on a port of its own on loopback.</summary>
sealed class ChaosProxy : IAsyncDisposable
{
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly Func<IPEndPoint?> _target;
    readonly CancellationTokenSource _stop = new();
    readonly Lock _gate = new();
    readonly HashSet<Tunnel> _tunnels = [];
    readonly Task _accepting;
    Weather _weather;
    TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="target">Where to carry on to; <see langword="null"/> while nobody is there.</param>
    public ChaosProxy(Func<IPEndPoint?> target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        // As large as the wires' own: what is stalled shall fill up within a test
        (_listener.ReceiveBufferSize, _listener.SendBufferSize) = (Tunnel.BufferBytes, Tunnel.BufferBytes);
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public Weather Weather
    {
        get
        {
            lock (_gate)
                return _weather;
        }
        set
        {
            TaskCompletionSource change;
            Tunnel[] broken;
            lock (_gate)
            {
                (_weather, change) = (value, _change);
                _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
                broken = value == Weather.Dropping ? [] : [.. _tunnels.Where(tunnel => tunnel.HasDropped)];
            }

            change.SetResult();
            foreach (var tunnel in broken)
                tunnel.Cut();
        }
    }

    /// <summary>Resets every connection, as a process that is killed does.</summary>
    public void Cut()
    {
        Tunnel[] tunnels;
        lock (_gate)
            tunnels = [.. _tunnels];
        foreach (var tunnel in tunnels)
            tunnel.Cut();
    }

    /// <summary>Waits while the weather is stalled.</summary>
    /// <returns>Whether the bytes are to be dropped.</returns>
    public async ValueTask<bool> PassAsync(Tunnel tunnel, CancellationToken cancellation)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (_weather == Weather.Dropping)
                    return tunnel.HasDropped = true;
                if (_weather == Weather.Calm)
                    return false;
                change = _change.Task;
            }

            await change.WaitAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        List<Task> carrying = [];
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                carrying.RemoveAll(task => task.IsCompleted);
                carrying.Add(CarryAsync(new Tunnel(this, socket)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carrying);
        }
    }

    async Task CarryAsync(Tunnel tunnel)
    {
        lock (_gate)
            _tunnels.Add(tunnel);
        await tunnel.CarryAsync(_target(), _stop.Token);
        lock (_gate)
            _tunnels.Remove(tunnel);
    }
}
