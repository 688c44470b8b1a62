namespace Allotrope.Artery.Client;

/// <summary>What the core tells this service, over whichever link is the present one.</summary>
sealed class CoreReceiver(
    ArteryServiceOptions options, Deliveries deliveries, CallHandlers handlers, PendingCalls<ArteryData> calls, PendingCalls<ZoneState> states,
    OutgoingQueue queue, OwnState own, Action<string> selfDestruct)
    : ILinkReceiver
{
    static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(10);

    // The longest that a manifest can say
    static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Origin _core = new("core", 0);

    // A link that is replaced may still be telling something while its successor does, which must not count behind what the successor told
    readonly Lock _telling = new();
    ArteryLink? _link;
    (long Epoch, KnownOrigin[]? Origins) _known;
    Task _replacing = Task.CompletedTask;
    long _lastHeartbeat = options.Time.GetTimestamp();

    /// <summary>The present link.</summary>
    public ArteryLink? Link => Volatile.Read(ref _link);

    /// <summary>Completes when the core has said what this service is to do.</summary>
    public Task Ready => _ready.Task;

    public GapBook Gaps { get; } = new();

    public ZoneState Zone { get; private set; } = ZoneState.Empty;

    public TimeSpan? Pulse { get; private set; }

    /// <summary>How often a core has asked for the state: each is an artery that works, not only one that opens.</summary>
    public int Meetings { get; private set; }

    /// <summary>As the core says.</summary>
    public TimeSpan HeartbeatInterval { get; private set; } = TimeSpan.FromSeconds(3);

    /// <summary>Since the last heartbeat, or since the link was opened.</summary>
    public TimeSpan Silence => options.Time.GetElapsedTime(Volatile.Read(ref _lastHeartbeat));

    /// <summary>Raised when the link has room for more intents.</summary>
    public SemaphoreSlim Room { get; } = new(0, 1);

    public bool Reply(Invocation invocation)
    {
        using var content = new FrameBuffer();
        invocation.Write(content);
        return Link?.TrySend(FrameKind.Invoke, content.WrittenSpan) ?? false;
    }

    public void Fault(ReceivedIntent intent, string what)
    {
        Log($"{intent.Name} of {intent.Origin.Name} was received, not processed: {what}");
        using var content = new FrameBuffer();
        new FaultMessage(intent.Name, intent.Origin.Name, intent.Sequence, what).Write(content);
        Link?.TrySendControl(ControlType.Fault, content.WrittenSpan);
    }

    /// <summary>Tells the program. A failure of the program's own log has nobody to be told to, and must not break an artery.</summary>
    public void Log(string line)
    {
        try
        {
            options.Log?.Invoke($"artery {options.Service}: {line}");
        }
        catch (Exception)
        {
            // Nobody is left to be told
        }
    }

    public void OnOpened(ArteryLink link)
    {
        string? reason;
        lock (_telling)
        {
            // Here and not where links are accepted: of two that prove themselves at once both would stay. What is dialled the core replaces
            if (_link is { } before && !options.Core.Dials)
                _replacing = before.CloseAsync(CloseCode.Replaced, "A newer artery of the same service replaces this one.");
            Volatile.Write(ref _link, link);
            Volatile.Write(ref _lastHeartbeat, options.Time.GetTimestamp());
            reason = queue.Attach(link);
        }

        calls.Reopened();
        if (reason is not null)
            selfDestruct(reason);
    }

    public void OnIntents(ArteryLink link, ref IntentBatchReader batch)
    {
        lock (_telling)
        {
            while (link == _link && batch.TryRead(out var intent))
            {
                if (!Gaps.Arrived(intent.Origin, intent.Sequence))
                    continue; // late, from a way that another has overtaken: the order is kept, and the core's count tells of the gap
                if (intent.Ack is { } ack)
                    link.TrySendAck(ack);
                if (deliveries.Wants(intent.Name))
                    deliveries.Deliver(new ReceivedIntent(
                        intent.Name, intent.Origin, intent.Sequence, ArteryTime.ToTime(intent.Time), ArteryData.OfItem(intent.Data.ToArray())));
            }
        }
    }

    public void OnHeartbeat(ArteryLink link, ReadOnlySpan<byte> content)
    {
        var beat = Beat.Read(content);
        lock (_telling)
            if (link == _link)
                Heed(link, beat);
    }

    void Heed(ArteryLink link, Beat beat)
    {
        Volatile.Write(ref _lastHeartbeat, options.Time.GetTimestamp());
        Pulse = beat.Pulse is { } pulse ? TimeSpan.FromMicroseconds(pulse) : null;
        if (beat.State is { } change)
            Zone = Zone.With(beat.StateVersion, change);

        // What was known before this beat: the core goes on from there
        var known = beat.RequestingState ? Known(link.Peer.Epoch) : null;
        foreach (var passed in beat.Passed)
            if (Gaps.Passed(passed) is { } grown)
                TellMissed(grown);
        using var reply = new FrameBuffer();
        new BeatReply(beat.Number, beat.Sent, Zone.Version, Gaps.Missed).Write(reply);
        link.TrySend(FrameKind.Heartbeat, reply.WrittenSpan);
        if (known is not null)
        {
            own.Tell(link, known);
            Meetings++;
        }
        else
            own.TellLost(link);
        if (deliveries.Wants("HEARTBEAT"))
            deliveries.Deliver(new ReceivedIntent("HEARTBEAT", _core, beat.Number, ArteryTime.ToTime(beat.Sent), ArteryData.Map(
                ("requestingState", beat.RequestingState), ("stateVersion", beat.StateVersion))));
    }

    public void OnState(ArteryLink link, ReadOnlySpan<byte> content) =>
        throw new ArteryException(CloseCode.Malformed, "A core sends its state by heartbeats.");

    public void OnInvoke(ArteryLink link, ReadOnlySpan<byte> content)
    {
        switch (Invocation.Read(content))
        {
            case Invocation.Request request:
                handlers.Reply(request, reply =>
                {
                    if (!Reply(reply))
                        Log($"the answer to {request.Caller}'s {request.Method} could not be sent: there is no artery to the core now, or too much waits on it.");
                });
                break;
            case Invocation.Result result:
                calls.Succeed(result.Id, ArteryData.OfItem(result.Data));
                break;
            case Invocation.Error error:
                calls.Fail(error.Id, new InvokeException(error.Code, error.Text));
                break;
        }
    }

    public void OnControl(ArteryLink link, ControlType type, ReadOnlySpan<byte> content)
    {
        switch (type)
        {
            case ControlType.Ready:
                var ready = ReadyMessage.Read(content);
                HeartbeatInterval = TimeSpan.FromTicks(Math.Clamp(ready.Heartbeat.Ticks, ShortestInterval.Ticks, LongestInterval.Ticks));
                deliveries.Ordered = ready.Ordered;
                _ready.TrySetResult();
                break;
            case ControlType.Ack:
                calls.Succeed(Varint.ReadCount(ref content), ArteryData.Null);
                break;
            case ControlType.State:
                var merged = MergedState.Read(content);
                states.Succeed(merged.Request, ZoneState.Of(merged));
                break;
            case ControlType.Fault:
                var fault = FaultMessage.Read(content);
                Log($"the core refused {fault.Intent} of {fault.Origin} ({fault.Sequence}): {fault.What}");
                break;
            default:
                throw new ArteryException(CloseCode.Malformed, $"A core does not send the control message {type} here.");
        }
    }

    public void OnPassed(ArteryLink link, Origin origin, long sequence, bool dropped)
    {
        if (dropped)
            return;
        queue.Written(sequence);
        try
        {
            if (Room.CurrentCount == 0)
                Room.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another link has raised it meanwhile: it is raised, which is all that is asked
        }
    }

    public void OnClosed(ArteryLink link, CloseCode code, string text)
    {
        lock (_telling)
        {
            if (_link != link)
                return;
            Volatile.Write(ref _link, null);
            queue.Attach(null);
        }

        calls.Broken();
        states.Broken();
    }

    /// <summary>Ends when a link that was replaced has.</summary>
    public Task ReplacedAsync() => _replacing;

    /// <summary>Ends the wait for a core that is not to come any more.</summary>
    public void Close() => _ready.TrySetException(new ObjectDisposedException(nameof(ArteryService)));

    void TellMissed(Gap gap)
    {
        try
        {
            options.Missed?.Invoke(gap);
        }
        catch (Exception thrown)
        {
            Log($"Missed has thrown: {thrown.Message}");
        }
    }

    KnownStreams Known(long core)
    {
        // A core that asks again has not had the answer, and has counted since it asked first
        if (_known.Origins is { } said && _known.Epoch == core)
            return new(queue.Next, said);
        foreach (var grown in Gaps.Renew())
            TellMissed(grown);
        var origins = Gaps.Known();
        _known = (core, origins);
        return new(queue.Next, origins);
    }
}
