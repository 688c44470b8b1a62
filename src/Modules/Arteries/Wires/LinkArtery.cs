using System.Buffers;
using System.Collections.Concurrent;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>An artery that speaks <c>artery.v1</c>: the core's side of one link, over a WebSocket or within the process.</summary>
/// <param name="service">Whom the other end says it is; with a user, the member is the user's and known only when the key is proved.</param>
sealed class LinkArtery(ZoneCore core, Member service, string? user) : IArtery, ILinkReceiver
{
    Member? _proved;
    ArteryLink? _link;
    Task _closing = Task.CompletedTask;

    Member Member => _proved ?? service;

    public ConcurrentDictionary<Origin, Account> Accounts { get; set; } = [];

    public int Waiting => _link?.Waiting ?? 0;

    /// <summary>How a link to this member treats what waits.</summary>
    public static LinkOptions OptionsOf(Member member) => new()
    {
        Queue = member.Manifest.Queue,
        Policy = member.Manifest.Slow switch
        {
            Contracts.SlowPolicy.Coalesce => QueuePolicy.Coalesce,
            Contracts.SlowPolicy.Sever => QueuePolicy.Sever,
            _ => QueuePolicy.DropOldest,
        },
    };

    public bool TrySay(in Intent intent)
    {
        if (_link!.TrySend(intent))
            return true;
        // Its wire may take its time to end, stalled as it is; to the zone it is closed now
        if (_link.Ending is { } end)
            core.Close(Member, this, end.Code, end.Text);
        return false;
    }

    public void Beat() => _link!.RequestHeartbeat();

    public bool TryCall(Invocation.Request call) => TrySend(call);

    public void Answer(Invocation answer)
    {
        if (!TrySend(answer) && answer is Invocation.Result)
            TrySend(new Invocation.Error(answer.Id, InvocationCode.Exhausted, "The answer is too large, or too much waits for who asked."));
    }

    public void Acknowledge(long ack) => _link!.TrySendAck(ack);

    public void TellState(MergedState state)
    {
        var output = new ArrayBufferWriter<byte>();
        state.Write(output);
        _link!.TrySendControl(ControlType.State, output.WrittenSpan);
    }

    // Whoever dialled or accepted the link awaits its completion; this only begins it
    public void Close(CloseCode code, string text) => _closing = _link!.CloseAsync(code, text);

    public void OnOpened(ArteryLink link)
    {
        _link = link;
        _proved = core.Find(service.Name, user)
            ?? throw new ArteryException(CloseCode.NotAuthenticated, "The zone takes no more users of this service.");
        var manifest = Member.Manifest;
        var output = new ArrayBufferWriter<byte>();
        new ReadyMessage(core.Manifest.Heartbeat, manifest.Receive, manifest.Emit, manifest.Ordered, manifest.Queue).Write(output);
        link.TrySendControl(ControlType.Ready, output.WrittenSpan);
        core.Open(Member, this, link.Peer.Epoch);
    }

    public void OnIntents(ArteryLink link, ref IntentBatchReader batch)
    {
        while (core.Hear(Member, this, ref batch))
        {
            // A batch may be long; between its parts others have their turn
        }
    }

    public void OnHeartbeat(ArteryLink link, ReadOnlySpan<byte> content)
    {
        var reply = BeatReply.Read(content);
        core.Answer(Member, this, reply.Number, reply.StateVersion);
    }

    public void OnState(ArteryLink link, ReadOnlySpan<byte> content) => core.Report(Member, this, StateReport.Read(content));

    public void OnInvoke(ArteryLink link, ReadOnlySpan<byte> content)
    {
        var invocation = Invocation.Read(content);
        if (invocation is Invocation.Request call)
            core.Call(Member, this, call);
        else
            core.CallAnswered(Member, invocation);
    }

    public void OnControl(ArteryLink link, ControlType type, ReadOnlySpan<byte> content)
    {
        switch (type)
        {
            case ControlType.Fault:
                var fault = FaultMessage.Read(content);
                core.Fault(Member, fault.Intent, fault.Origin, fault.Sequence, fault.What);
                break;
            case ControlType.GetState:
                core.TellState(Member, this, Varint.ReadCount(ref content));
                break;
            case ControlType.Ack:
                core.Count(Member); // the core asks for none; whoever gives one does no harm, but for their number
                break;
            default:
                throw new ArteryException(CloseCode.Malformed, $"A service does not say {type}.");
        }
    }

    public void OnResource(ArteryLink link, ReadOnlySpan<byte> piece, bool more) => core.Count(Member);

    public void WriteHeartbeat(ArteryLink link, IBufferWriter<byte> output) => core.MakeBeat(Member, this).Write(output);

    public void OnPassed(ArteryLink link, Origin origin, long sequence, bool dropped) => Member.Pass(Accounts, origin, sequence, dropped);

    public void OnClosed(ArteryLink link, CloseCode code, string text) => core.Close(Member, this, code, text);

    bool TrySend(Invocation invocation)
    {
        var output = new ArrayBufferWriter<byte>();
        invocation.Write(output);
        // What just fitted when it came may be too large with the caller's name and another number
        return output.WrittenCount <= ArteryLimits.ContentBytes && _link!.TrySend(FrameKind.Invoke, output.WrittenSpan);
    }
}
