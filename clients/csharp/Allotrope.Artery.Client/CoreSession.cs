namespace Allotrope.Artery.Client;

/// <summary>Keeps an artery to the core: dials again and again, or accepts, and watches for heartbeats.</summary>
sealed class CoreSession(ArteryServiceOptions options, CoreReceiver receiver, OutgoingQueue queue, long epoch, Action<string> selfDestruct) : IDisposable
{
    const int PendingHandshakes = 16;

    /// <summary>Heartbeats that may fail to come before the artery is given up.</summary>
    const int SilentHeartbeats = 5;

    static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    // So that a service is there again about one beat after its core
    static readonly TimeSpan LastWait = TimeSpan.FromSeconds(3);

    /// <summary>For one attempt to connect, before the handshake's own time begins.</summary>
    static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    readonly CancellationTokenSource _stop = new();
    int _attempt;
    CloseCode _why;

    public async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(options.Core.Dials ? DialAsync() : AcceptAsync(), PumpAsync(), WatchAsync());
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Stopped: what was under way has failed by it, or at the same moment
        }
        finally
        {
            receiver.Close();
            await options.Core.CloseAsync();
            await receiver.ReplacedAsync();
        }
    }

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    async Task DialAsync()
    {
        var wait = FirstWait;
        for (var rank = 0; ; rank = (rank + 1) % options.Core.Count)
        {
            var met = receiver.Meetings;
            if (await TryDialAsync(rank, _stop.Token) is { } link)
            {
                var opened = options.Time.GetTimestamp();
                rank = await ServeAsync(link, rank);
                if (receiver.Meetings > met)
                    wait = FirstWait;
                if (options.Core.Count > 1 && options.Time.GetElapsedTime(opened) > FirstWait && !IsUnwanted)
                    continue; // the next way at once, unless a core lets in only to throw out
            }
            else if (rank < options.Core.Count - 1)
                continue;
            wait = await WaitAsync(IsUnwanted ? LastWait : wait);
        }
    }

    /// <summary>Somebody else has this name, or the key is wrong: trying fast would help nobody.</summary>
    bool IsUnwanted => _why is CloseCode.Replaced or CloseCode.NotAuthenticated;

    async Task<ArteryLink?> TryDialAsync(int rank, CancellationToken cancellation)
    {
        try
        {
            var wire = await ConnectAsync(rank, cancellation);
            return await ArteryLink.DialAsync(
                wire.Transport, Offer(wire, _attempt), receiver, LinkOptions.Default, options.Time, options.Random, cancellation);
        }
        catch (Exception failed) when (!cancellation.IsCancellationRequested)
        {
            // Whatever a program's own transport may throw: a service does not stop trying
            _attempt++; // during a rotation the other key is tried next
            _why = (failed as ArteryException)?.Code ?? CloseCode.Lost;
            receiver.Log($"the core cannot be reached: {failed.Message}");
            return null;
        }
    }

    async Task<CoreWire> ConnectAsync(int rank, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(ConnectTime, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await options.Core.NextAsync(rank, either.Token);
        }
        catch (OperationCanceledException slow) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"It did not answer within {ConnectTime.TotalSeconds} s.", slow);
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
            // The core replaces the lower one; should the better be cut before it has come to that, the lower must not stay as one that nobody uses
            await link.CloseAsync(CloseCode.Replaced, "A better way has taken over.");
            (link, rank) = (next, way);
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
        catch (Exception) when (ended.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Spread, so that a whole zone does not come back in one moment.</summary>
    /// <returns>How long to wait the next time: twice as long, but never later than the next heartbeat.</returns>
    async Task<TimeSpan> WaitAsync(TimeSpan wait)
    {
        await Task.Delay(wait * (0.5 + Fraction() / 2), options.Time, _stop.Token);
        var most = receiver.HeartbeatInterval < LastWait ? receiver.HeartbeatInterval : LastWait;
        return wait * 2 < most ? wait * 2 : most;
    }

    async Task AcceptAsync()
    {
        List<Task> serving = [];
        var wait = FirstWait;
        try
        {
            while (true)
            {
                try
                {
                    var wire = await options.Core.NextAsync(0, _stop.Token);
                    wait = FirstWait;
                    serving.RemoveAll(task => task.IsCompleted);
                    if (serving.Count < PendingHandshakes)
                        serving.Add(AcceptAsync(wire));
                    else
                        await wire.Transport.DisposeAsync();
                }
                catch (Exception failed) when (!_stop.IsCancellationRequested)
                {
                    receiver.Log($"no core could be accepted: {failed.Message}");
                    wait = await WaitAsync(wait);
                }
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
            await using var link = await ArteryLink.AcceptAsync(wire.Transport, hello => Judge(hello, wire), options.Time, options.Random, _stop.Token);
            await ServeAsync(link);
        }
        catch (Exception failed) when (!_stop.IsCancellationRequested)
        {
            receiver.Log($"an artery was not accepted: {failed.Message}");
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Stopped: the link has been closed on the way here
        }
    }

    /// <summary>Until the link ends, which it does with the service.</summary>
    async Task ServeAsync(ArteryLink link)
    {
        try
        {
            var end = await link.Completion.WaitAsync(_stop.Token);
            _why = end.Code;
            receiver.Log($"the artery to the core ended: {end.Text} ({(int)end.Code})");
        }
        catch (Exception failed) when (!_stop.IsCancellationRequested)
        {
            _why = CloseCode.Internal;
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
}
