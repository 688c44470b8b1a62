using System.Net.Sockets;
using System.Net.WebSockets;

namespace Allotrope.Artery.Client;

/// <summary>Keeps an artery to the core: dials again and again, or accepts, and watches for heartbeats.</summary>
sealed class CoreSession(ArteryServiceOptions options, CoreReceiver receiver, OutgoingQueue queue, long epoch, Action<string> selfDestruct) : IDisposable
{
    const int PendingHandshakes = 16;

    /// <summary>Heartbeats that may fail to come before the artery is given up.</summary>
    const int SilentHeartbeats = 5;

    static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    readonly CancellationTokenSource _stop = new();
    int _attempt;

    public async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(options.Core.Dials ? DialAsync() : AcceptAsync(), PumpAsync(), WatchAsync());
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped
        }
        finally
        {
            receiver.Close();
        }
    }

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    async Task DialAsync()
    {
        var wait = FirstWait;
        for (var rank = 0; ; rank = (rank + 1) % options.Core.Count)
        {
            if (await TryDialAsync(rank, _stop.Token) is { } link)
            {
                var opened = options.Time.GetTimestamp();
                (wait, rank) = (FirstWait, await ServeAsync(link, rank));
                if (options.Core.Count > 1 && options.Time.GetElapsedTime(opened) > FirstWait)
                    continue; // the next way at once, unless a core lets in only to throw out
            }
            else if (rank < options.Core.Count - 1)
                continue;

            // Spread, so that a whole zone does not come back in one moment; never later than the next heartbeat
            await Task.Delay(wait * (0.5 + Fraction() / 2), options.Time, _stop.Token);
            wait = wait * 2 < receiver.HeartbeatInterval ? wait * 2 : receiver.HeartbeatInterval;
        }
    }

    async Task<ArteryLink?> TryDialAsync(int rank, CancellationToken cancellation)
    {
        try
        {
            var wire = await options.Core.NextAsync(rank, cancellation);
            var link = await ArteryLink.DialAsync(
                wire.Transport, Offer(wire, _attempt), receiver, LinkOptions.Default, options.Time, options.Random, cancellation);
            return link;
        }
        catch (Exception failed) when (IsOrdinary(failed))
        {
            _attempt++; // during a rotation the other key is tried next
            receiver.Log($"the core cannot be reached: {failed.Message}");
            return null;
        }
    }

    /// <summary>Until the artery ends, which moves to a better way as soon as one opens.</summary>
    /// <returns>On which way it ended.</returns>
    async Task<int> ServeAsync(ArteryLink link, int rank)
    {
        while (true)
        {
            await using var served = link;
            if (rank == 0)
            {
                await ServeAsync(link);
                return rank;
            }
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var heal = HealAsync(rank, ended.Token);
            var serving = ServeAsync(link);
            if (await Task.WhenAny(serving, heal) == serving)
                await ended.CancelAsync();
            var better = await heal;
            if (better is not var (next, way))
            {
                await serving;
                return rank;
            }
            (link, rank) = (next, way); // the core has replaced the lower one, which ends by itself
            await serving;
        }
    }

    /// <summary>Tries the better ways at each heartbeat.</summary>
    /// <returns><see langword="null"/> when it is called off before one opens.</returns>
    async Task<(ArteryLink Link, int Rank)?> HealAsync(int rank, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                await Task.Delay(receiver.HeartbeatInterval, options.Time, ended);
                for (var better = 0; better < rank; better++)
                    if (await TryDialAsync(better, ended) is { } link)
                        return (link, better);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return null;
        }
    }

    async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                var wire = await options.Core.NextAsync(0, _stop.Token);
                serving.RemoveAll(task => task.IsCompleted);
                if (serving.Count < PendingHandshakes)
                    serving.Add(AcceptAsync(wire));
                else
                    await wire.Transport.DisposeAsync();
            }
        }
        finally
        {
            await Task.WhenAll(serving);
        }
    }

    async Task AcceptAsync(CoreWire wire)
    {
        try
        {
            var before = receiver.Link;
            await using var link = await ArteryLink.AcceptAsync(wire.Transport, hello => Judge(hello, wire), options.Time, options.Random, _stop.Token);
            if (before is not null)
                await before.CloseAsync(CloseCode.Replaced, "A newer artery of the same service replaces this one.");
            await ServeAsync(link);
        }
        catch (Exception failed) when (IsOrdinary(failed) || (failed is OperationCanceledException && _stop.IsCancellationRequested))
        {
            receiver.Log($"an artery was not accepted: {failed.Message}");
        }
    }

    /// <summary>Until the link ends, which it does with the service.</summary>
    async Task ServeAsync(ArteryLink link)
    {
        try
        {
            var end = await link.Completion.WaitAsync(_stop.Token);
            receiver.Log($"the artery to the core ended: {end.Text} ({(int)end.Code})");
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // A callback of the program's: the artery is closed by it, the service comes back
            receiver.Log($"the artery to the core ended by an error of this side: {failed.Message}");
        }
    }

    async Task PumpAsync()
    {
        while (true)
        {
            await receiver.Room.WaitAsync(_stop.Token);
            queue.Pump();
        }
    }

    async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(LookEvery, options.Time, _stop.Token);
            var silence = receiver.Silence;
            if (receiver.Link is { } link && silence > SilentHeartbeats * receiver.HeartbeatInterval)
                await link.CloseAsync(CloseCode.Normal, $"No heartbeat came for {silence.TotalSeconds:0.0} s.");
            if (queue.Age(silence) is { } reason)
                selfDestruct(reason);
        }
    }

    HandshakeOffer Offer(CoreWire wire, int attempt) => new()
    {
        Role = ArteryRole.Service,
        Zone = options.Zone,
        Service = options.Service,
        User = options.User,
        Key = options.Keys[attempt % options.Keys.Count],
        Epoch = epoch,
        Sealed = !wire.IsPrivate,
    };

    HandshakeAnswer? Judge(Hello hello, CoreWire wire) =>
        hello.Role == ArteryRole.Core && hello.Zone == options.Zone && hello.Service == options.Service && hello.User is null
            ? new HandshakeAnswer { Role = ArteryRole.Service, Keys = options.Keys, Epoch = epoch, RequireSealed = !wire.IsPrivate, Receiver = receiver }
            : null;

    double Fraction()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        options.Random.Fill(bytes);
        return BitConverter.ToUInt32(bytes) / (double)uint.MaxValue;
    }

    static bool IsOrdinary(Exception failed) =>
        failed is ArteryException or IOException or WebSocketException or SocketException or HttpRequestException or TimeoutException;
}
