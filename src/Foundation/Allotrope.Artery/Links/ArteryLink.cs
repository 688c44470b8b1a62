using Allotrope.Kernel;

namespace Allotrope.Artery;

/// <summary>
/// One authenticated (zone, service) on a wire: what a core sends a service and hears from it, or the other way round. Sending copies what it is
/// given,
/// never waits, and may be done from any thread.
/// </summary>
public sealed class ArteryLink : IAsyncDisposable
{
    readonly TaskCompletionSource<LinkEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<ArteryLink> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    LinkPeer? _peer;
    FrameSeals? _seals;
    ITimer? _deadline;
    LinkEnd? _ending;

    internal ArteryLink(ArteryWire wire, int number, ILinkReceiver receiver, LinkOptions options)
    {
        (Wire, Number, Receiver) = (wire, number, receiver);
        Outbox = new Outbox(this, options, receiver);
    }

    /// <summary>Dials: side a of the handshake on a fresh transport, which the link's wire then owns.</summary>
    /// <exception cref="ArteryException">The handshake fails or takes too long.</exception>
    public static async Task<ArteryLink> DialAsync(
        IArteryTransport transport, HandshakeOffer offer, ILinkReceiver receiver, LinkOptions options, TimeProvider time, IRandom random,
        CancellationToken cancellation)
    {
        var wire = ArteryWire.Dial(transport, time, random);
        return await wire.OpenAsync(offer, receiver, options, cancellation);
    }

    /// <summary>
    /// Accepts: side b of the handshake on a fresh transport. Further links that the dialler begins on the same wire are judged by the same
    /// <paramref name="judge"/> and told to their receivers by <see cref="ILinkReceiver.OnOpened"/>.
    /// </summary>
    /// <param name="judge">
    /// Answers who asks for a link, or refuses with <see langword="null"/>. What it is told is not proved yet, so it must change nothing: that is for
    /// <see cref="ILinkReceiver.OnOpened"/>.
    /// </param>
    /// <returns>The first link.</returns>
    /// <exception cref="ArteryException">The handshake fails or takes too long.</exception>
    public static Task<ArteryLink> AcceptAsync(
        IArteryTransport transport, Func<Hello, HandshakeAnswer?> judge, TimeProvider time, IRandom random, CancellationToken cancellation) =>
        ArteryWire.Accept(transport, judge, time, random).FirstAsync(cancellation);

    public ArteryWire Wire { get; }

    /// <summary>Of the link on its wire, from 0.</summary>
    public int Number { get; }

    public ILinkReceiver Receiver { get; }

    /// <summary>Who is at the other end.</summary>
    public LinkPeer Peer => _peer ?? throw new InvalidOperationException("The handshake is not complete.");

    /// <summary>Ends when the link does, and never fails but by an error in this side's receiver.</summary>
    public Task<LinkEnd> Completion => _completion.Task;

    /// <summary>
    /// Why it is to end as soon as its farewell is written, which a stalled peer may hold up; <see langword="null"/> while it is in use.
    /// </summary>
    public LinkEnd? Ending => Volatile.Read(ref _ending);

    /// <summary>Intents that wait to be sent.</summary>
    public int Waiting => Outbox.Waiting;

    /// <summary>Sends an intent, behind those that wait; what waits together goes out in one frame.</summary>
    /// <returns>
    /// False when the link is closed, or full and its policy is to sever. An intent that was taken is told to <see cref="ILinkReceiver.OnPassed"/>
    /// exactly once, one that was not is not.
    /// </returns>
    /// <exception cref="ArgumentException">Its name is none, or its data is too large.</exception>
    public bool TrySend(in Intent intent)
    {
        if (!IntentName.IsValid(intent.Name))
            throw new ArgumentException(
                $"An intent's name is 1 to {ArteryLimits.NameBytes} of A-Z a-z 0-9 _ - . : /; '{intent.Name}' is not.", nameof(intent));
        if (intent.Data.Length > ArteryLimits.IntentBytes)
            throw new ArgumentException(
                $"An intent has {intent.Data.Length} bytes of data; at most {ArteryLimits.IntentBytes} are allowed.", nameof(intent));
        var added = Outbox.Add(intent);
        if (added == Added.Yes)
            Wire.Wake();
        else if (added == Added.Full)
            Wire.Fail(CloseCode.Severed, $"{Peer.Service} does not keep up: its queue of intents is full.");
        return added == Added.Yes;
    }

    /// <summary>Sends a heartbeat, state, invocation or resource; large ones go in pieces.</summary>
    /// <returns>False when the link is closed or too much waits in its lane.</returns>
    public bool TrySend(FrameKind kind, ReadOnlySpan<byte> content)
    {
        if (kind is not (FrameKind.Heartbeat or FrameKind.State or FrameKind.Invoke or FrameKind.Resource))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Intents and control messages have methods of their own.");
        return Add(kind, content);
    }

    /// <summary>Sends a control message after the handshake.</summary>
    /// <returns>False when the link is closed or too much waits in its lane.</returns>
    public bool TrySendControl(ControlType type, ReadOnlySpan<byte> content)
    {
        if (type is < ControlType.Ready or ControlType.Close or > ControlType.State)
            throw new ArgumentOutOfRangeException(nameof(type), type, "The handshake and the close are said by the link itself.");
        return SendControl(type, content);
    }

    /// <summary>Says that an intent that asked for it has arrived.</summary>
    public bool TrySendAck(long ack)
    {
        Span<byte> content = stackalloc byte[Varint.MaxBytes];
        return TrySendControl(ControlType.Ack, content[..Varint.Write(content, (ulong)ack)]);
    }

    /// <summary>Asks <see cref="ILinkReceiver.WriteHeartbeat"/> for a heartbeat as soon as the wire is free for it.</summary>
    /// <returns>False when the one asked for before has not gone out yet, which is a stalled peer, or the link is closed.</returns>
    public bool RequestHeartbeat()
    {
        var added = Outbox.AddHeartbeat();
        Wire.Wake();
        return added;
    }

    /// <summary>
    /// Ends the link, and the wire with its last one. What waits is dropped. Returns when it has ended, so it is not to be awaited in a receiver; a
    /// receiver's error is told by <see cref="Completion"/>.
    /// </summary>
    public async Task CloseAsync(CloseCode code, string text)
    {
        if (IsOpen)
            Wire.CloseLink(this, code, text);
        await ((Task)_completion.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CloseCode.Normal, "");
        _deadline?.Dispose();
    }

    internal Outbox Outbox { get; }

    internal Inbox Inbox { get; } = new();

    internal DiallerHandshake? Dialling { get; set; }

    internal AcceptorHandshake? Accepting { get; set; }

    /// <summary>Held while something that arrived is told, and while the end is: the end is told last.</summary>
    internal Lock Telling { get; } = new();


    internal bool IsOpen => Volatile.Read(ref _peer) is not null;

    internal Task<ArteryLink> Opened => _opened.Task;

    internal bool SendControl(ControlType type, ReadOnlySpan<byte> content) => Add(FrameKind.Control, [(byte)type, .. content]);

    internal void SendOpen(ReadOnlySpan<byte> payload)
    {
        Outbox.Add(FrameKind.Control, payload, open: true);
        Wire.Wake();
    }

    internal void Expect(TimeProvider time) => _deadline = time.CreateTimer(
        static link => ((ArteryLink)link!).Wire.FailHandshake((ArteryLink)link), this, ArteryLimits.HandshakeTime, Timeout.InfiniteTimeSpan);

    internal void Open(LinkPeer peer, FrameSeals? seals)
    {
        _seals = seals;
        (Inbox.Seal, Outbox.Seal) = (seals?.Incoming, seals?.Outgoing);
        (Dialling, Accepting) = (null, null);
        _deadline?.Dispose();
        Volatile.Write(ref _peer, peer);
        Receiver.OnOpened(this);
        _opened.TrySetResult(this);
    }

    /// <summary>Takes no more to send, and says why to the other side if it has been let in.</summary>
    internal void BeginEnd(LinkEnd end)
    {
        Interlocked.CompareExchange(ref _ending, end, null);
        if (!IsOpen)
        {
            Outbox.Close([]);
            return;
        }

        using var farewell = new FrameBuffer();
        farewell.Write([(byte)ControlType.Close]);
        new CloseMessage(end.Code, end.Text).Write(farewell);
        Outbox.Close(farewell.WrittenSpan);
    }

    /// <summary>The wire has let go of the link: nothing is sent or received on it any more.</summary>
    internal void End(LinkEnd end, Exception? error)
    {
        Outbox.Close([]);
        if (IsOpen)
            Receiver.OnClosed(this, end.Code, end.Text);
        _opened.TrySetException(new ArteryException(end.Code, end.Text, error));
        if (error is null)
            _completion.TrySetResult(end);
        else
            _completion.TrySetException(error);
    }

    internal void Free()
    {
        _deadline?.Dispose();
        Outbox.Dispose();
        Inbox.Dispose();
        _seals?.Dispose();
    }

    bool Add(FrameKind kind, ReadOnlySpan<byte> content)
    {
        if (content.Length > ArteryLimits.ContentBytes)
            throw new ArgumentException($"A content has {content.Length} bytes; at most {ArteryLimits.ContentBytes} are allowed.", nameof(content));
        var added = Outbox.Add(kind, content) == Added.Yes;
        if (added)
            Wire.Wake();
        return added;
    }
}

/// <summary>Why a link ended.</summary>
public sealed record LinkEnd(CloseCode Code, string Text)
{
    /// <summary>One line, whoever said it.</summary>
    public string Text { get; } = PlainText.Of(Text);
}
