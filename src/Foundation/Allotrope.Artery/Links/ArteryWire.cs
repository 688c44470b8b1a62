using System.Runtime.ExceptionServices;
using Allotrope.Kernel;

namespace Allotrope.Artery;

/// <summary>
/// One transport with the links on it. One loop reads and tells the links' receivers; one writes what the links have waiting, a lower lane before
/// any higher one and the links of a lane in turn. What breaks the protocol on one link closes the wire.
/// </summary>
/// <remarks>
/// <code>
///  TrySend ─▶ Outbox ┐                                        ┌ Inbox ─▶ ILinkReceiver
///  TrySend ─▶ Outbox ┴▶ frame ─▶ transport ═══ transport ─▶ frame ┴ Inbox ─▶ ILinkReceiver
/// </code>
/// </remarks>
public sealed class ArteryWire : IAsyncDisposable
{
    readonly IArteryTransport _transport;
    readonly TimeProvider _time;
    readonly IRandom _random;
    readonly Func<Hello, HandshakeAnswer?>? _judge;
    readonly Lock _gate = new();
    readonly Signal _work = new();
    readonly CancellationTokenSource _stop = new();
    readonly ArteryLink?[] _links = new ArteryLink?[ArteryLimits.Links];
    readonly TaskCompletionSource<ArteryLink> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task<LinkEnd> _running;
    ArteryLink[] _active = [];
    ITimer? _deadline;
    bool _ending;
    LinkEnd? _end;
    Exception? _error;
    int _next;
    int _turn;

    ArteryWire(IArteryTransport transport, Func<Hello, HandshakeAnswer?>? judge, TimeProvider time, IRandom random)
    {
        (_transport, _judge, _time, _random) = (transport, judge, time, random);
        if (judge is not null)
            _deadline = time.CreateTimer(_ => FailHandshake(null), null, ArteryLimits.HandshakeTime, Timeout.InfiniteTimeSpan);
        _running = RunAsync();
    }

    /// <summary>Makes this process side a of a fresh transport, which the wire then owns; links are opened by <see cref="OpenAsync"/>.</summary>
    public static ArteryWire Dial(IArteryTransport transport, TimeProvider time, IRandom random) => new(transport, null, time, random);

    /// <summary>Makes this process side b of a fresh transport, which the wire then owns.</summary>
    /// <param name="judge">As for <see cref="ArteryLink.AcceptAsync"/>; called by the reading loop.</param>
    public static ArteryWire Accept(IArteryTransport transport, Func<Hello, HandshakeAnswer?> judge, TimeProvider time, IRandom random) =>
        new(transport, judge, time, random);

    /// <summary>Ends when the wire does, with why; fails only by an error in this side's receivers.</summary>
    public Task<LinkEnd> Completion => _running;

    /// <summary>Whether a handshake on it was ever complete.</summary>
    public bool IsProved => _first.Task.IsCompletedSuccessfully;

    /// <summary>Opens a link by a handshake. A number is not used twice, so a wire carries <see cref="ArteryLimits.Links"/> in its life.</summary>
    /// <exception cref="ArteryException">The handshake fails or takes too long, which closes the wire.</exception>
    public async Task<ArteryLink> OpenAsync(HandshakeOffer offer, ILinkReceiver receiver, LinkOptions options, CancellationToken cancellation)
    {
        if (_judge is not null)
            throw new InvalidOperationException("Only the dialler opens links.");
        ArteryLink link;
        lock (_gate)
        {
            if (_ending)
                throw new ArteryException(_end?.Code ?? CloseCode.Lost, _end?.Text ?? "The wire is closing.");
            if (_next == ArteryLimits.Links)
                throw new InvalidOperationException($"A wire carries at most {ArteryLimits.Links} links; dial another.");
            link = new ArteryLink(this, _next++, receiver, options) { Dialling = new DiallerHandshake(offer, _random) };
            Activate(link);
        }

        link.Expect(_time);
        link.SendOpen(link.Dialling.Hello);
        return await OpenedAsync(link.Opened, cancellation);
    }

    /// <summary>The first link of an accepted wire, when its handshake is complete.</summary>
    /// <exception cref="ArteryException">The handshake fails or takes too long, which closes the wire.</exception>
    public Task<ArteryLink> FirstAsync(CancellationToken cancellation) => OpenedAsync(_first.Task, cancellation);

    /// <summary>Ends the wire with all its links. Returns when it has ended; a receiver's error is told by <see cref="Completion"/>.</summary>
    public async Task CloseAsync(CloseCode code, string text)
    {
        Fail(code, text);
        await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CloseCode.Normal, "");
        _stop.Dispose();
    }

    internal void Wake() => _work.Raise();

    /// <summary>Ends the wire: says farewell, waits a moment for the other side's, and lets go.</summary>
    internal void Fail(CloseCode code, string text, Exception? error = null)
    {
        ArteryLink[] links;
        lock (_gate)
        {
            if (_ending)
                return;
            _ending = true;
            links = _active;
        }

        // The farewells are queued before the end is seen, so that the writer does not leave without them
        foreach (var link in links)
            link.BeginEnd(new LinkEnd(code, text));
        lock (_gate)
        {
            _end = new LinkEnd(code, text);
            _error = error;
            _deadline?.Dispose();
            _deadline = _time.CreateTimer(_ => Cut(), null, ArteryLimits.CloseTime, Timeout.InfiniteTimeSpan);
        }

        _ended.SetResult();
        _work.Raise();
    }

    void Cut()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The wire has ended meanwhile: not every clock waits for a timer that rings as it is disposed
        }
    }

    internal void FailHandshake(ArteryLink? link)
    {
        if (link is null ? !_first.Task.IsCompleted : !link.IsOpen)
            Fail(CloseCode.HandshakeTooSlow, $"The handshake was not complete within {ArteryLimits.HandshakeTime.TotalSeconds} s.");
    }

    internal void CloseLink(ArteryLink link, CloseCode code, string text)
    {
        if (link.Ending is not null)
            return;
        if (Volatile.Read(ref _active).Length <= 1)
        {
            Fail(code, text);
            return;
        }

        link.BeginEnd(new LinkEnd(code, text));
        _work.Raise();
    }

    async Task<ArteryLink> OpenedAsync(Task<ArteryLink> opened, CancellationToken cancellation)
    {
        try
        {
            return await opened.WaitAsync(cancellation);
        }
        catch
        {
            // A handshake that failed has closed the wire; one that nobody waits for any longer does so now
            await CloseAsync(CloseCode.Leaving, "The handshake was given up.");
            throw;
        }
    }

    async Task<LinkEnd> RunAsync()
    {
        // So that whoever made the wire has it before its loops tell anything
        await Task.Yield();
        await Task.WhenAll(GuardAsync(ReadAsync()), GuardAsync(WriteAsync()));
        // Both loops may be lost while whoever ends the wire is still at it
        await _ended.Task;
        await _transport.DisposeAsync();
        if (_deadline is { } deadline)
            await deadline.DisposeAsync();
        _stop.Dispose();
        var end = _end!;
        foreach (var link in _active)
            link.End(link.Ending ?? end, _error);
        foreach (var link in _links)
            link?.Free();
        _first.TrySetException(new ArteryException(end.Code, end.Text, _error));
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
        return end;
    }

    async Task GuardAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (ArteryException broken)
        {
            Fail(broken.Code, broken.Message);
        }
        catch (Exception lost) when (lost is IOException or OperationCanceledException)
        {
            Fail(CloseCode.Lost, "The connection is lost.");
        }
        catch (Exception error)
        {
            Fail(CloseCode.Internal, "The receiver failed.", error);
        }
    }

    async Task WriteAsync()
    {
        using var frame = new FrameBuffer();
        while (true)
        {
            // Asked before taking: what was added before the end is then written before the farewell
            var ended = HasEnded;
            if (TryTake(Volatile.Read(ref _active), ended ? 1 : Lane.Count, frame))
                await _transport.SendAsync(frame.Written, _stop.Token);
            else if (ended)
                break;
            else
                await _work.WaitAsync();
        }

        var end = _end!;
        await _transport.CloseAsync(end.Code, end.Text, _stop.Token);
    }

    bool TryTake(ArteryLink[] active, int lanes, FrameBuffer frame)
    {
        for (var lane = 0; lane < lanes; lane++)
        {
            for (var i = 0; i < active.Length; i++)
            {
                var link = active[(_turn + i) % active.Length];
                if (link.Outbox.TryTake(lane, frame))
                {
                    _turn = (_turn + i + 1) % active.Length;
                    return true;
                }

                if (lane == Lane.Control && link.Ending is { } end && !HasEnded)
                    Release(link, end);
            }
        }

        return false;
    }

    async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var max = _first.Task.IsCompletedSuccessfully ? ArteryLimits.FrameBytes : ArteryLimits.HandshakeFrameBytes;
                var frame = await _transport.ReceiveAsync(max, _stop.Token);
                if (frame.Closed is { } code)
                {
                    Fail(code, frame.Text);
                    return;
                }

                if (!HasEnded)
                    Receive(frame.Bytes.Span);
            }
        }
        catch (ArteryException broken)
        {
            Fail(broken.Code, broken.Message);
        }

        // What still comes is not read, but a farewell is waited for: closing a socket on unread bytes would reset it and lose ours
        while ((await _transport.ReceiveAsync(ArteryLimits.FrameBytes, _stop.Token)).Closed is null)
        {
        }
    }

    void Receive(ReadOnlySpan<byte> frame)
    {
        var payload = frame;
        var header = FrameHeader.Read(ref payload);
        if (_links[header.Link] is not { } link)
        {
            Admit(header, frame, payload);
            return;
        }

        lock (link.Telling)
        {
            if (link.Ending is not null)
                return;
            if (!link.IsOpen)
                CheckSize(frame);
            payload = link.Inbox.Open(header, frame, payload);
            if (link.IsOpen)
                Tell(link, header, payload);
            else
                Shake(link, header, payload);
        }
    }

    void Shake(ArteryLink link, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Kind != FrameKind.Control || header.Flags != FrameFlags.None)
            throw HandshakeBytes.NotAuthenticated();
        if (link.Dialling is { } dialling)
        {
            var (proof, peer, seals) = dialling.Answer(payload);
            link.SendOpen(proof);
            Opened(link, peer, seals);
        }
        else if (link.Accepting is { } accepting)
        {
            var (peer, seals) = accepting.Complete(payload);
            Opened(link, peer, seals);
        }
    }

    void Opened(ArteryLink link, LinkPeer peer, FrameSeals? seals)
    {
        link.Open(peer, seals);
        _first.TrySetResult(link);
    }

    void Tell(ArteryLink link, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Kind == FrameKind.Resource)
        {
            link.Receiver.OnResource(link, payload, (header.Flags & FrameFlags.More) != FrameFlags.None);
            return;
        }

        if (!link.Inbox.TryComplete(header, ref payload))
            return;
        switch (header.Kind)
        {
            case FrameKind.Intents: TellIntents(link, payload); break;
            case FrameKind.Heartbeat: link.Receiver.OnHeartbeat(link, payload); break;
            case FrameKind.State: link.Receiver.OnState(link, payload); break;
            case FrameKind.Invoke: link.Receiver.OnInvoke(link, payload); break;
            default: TellControl(link, payload); break;
        }

        link.Inbox.Done(header.Kind);
    }

    static void TellIntents(ArteryLink link, ReadOnlySpan<byte> payload)
    {
        var batch = new IntentBatchReader(payload, link.Inbox.Tables);
        link.Receiver.OnIntents(link, ref batch);
        while (batch.TryRead(out _))
        {
            // What the receiver left may define names that the next batch refers to
        }
    }

    void TellControl(ArteryLink link, ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || (ControlType)payload[0] is < ControlType.Ready or > ControlType.State)
            throw ArteryException.Malformed("A control message is of no known type, or of the handshake after it.");
        var type = (ControlType)payload[0];
        if (type != ControlType.Close)
        {
            link.Receiver.OnControl(link, type, payload[1..]);
            return;
        }

        var message = CloseMessage.Read(payload[1..]);
        CloseLink(link, message.Code, message.Text);
    }

    /// <summary>The first frame on a number that is not in use: HELLO, or nothing that is listened to.</summary>
    void Admit(in FrameHeader header, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> payload)
    {
        if (_judge is null)
            throw ArteryException.Malformed($"A frame is for link {header.Link}, which was not opened.");
        if (header.Kind != FrameKind.Control || header.Flags != FrameFlags.None)
            throw HandshakeBytes.NotAuthenticated();
        CheckSize(frame);
        var handshake = new AcceptorHandshake(payload, _judge, _random);
        var link = new ArteryLink(this, header.Link, handshake.Answer.Receiver, handshake.Answer.Options) { Accepting = handshake };
        link.Inbox.Open(header, frame, payload);
        lock (_gate)
        {
            if (_ending)
                return;
            Activate(link);
        }

        link.Expect(_time);
        link.SendOpen(handshake.Challenge);
    }

    static void CheckSize(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > ArteryLimits.HandshakeFrameBytes)
            throw new ArteryException(CloseCode.TooLarge, $"A frame of the handshake has more than {ArteryLimits.HandshakeFrameBytes} bytes.");
    }

    void Activate(ArteryLink link)
    {
        _links[link.Number] = link;
        Volatile.Write(ref _active, [.. _active, link]);
    }

    /// <summary>A link's farewell is written: lets go of it, and of the wire with the last.</summary>
    void Release(ArteryLink link, LinkEnd end)
    {
        lock (_gate)
        {
            if (_active.Length > 1)
                Volatile.Write(ref _active, [.. _active.Where(active => active != link)]);
        }

        if (_active.Contains(link))
        {
            Fail(end.Code, end.Text);
            return;
        }

        lock (link.Telling)
            link.End(end, null);
    }

    bool HasEnded
    {
        get
        {
            lock (_gate)
                return _end is not null;
        }
    }
}
