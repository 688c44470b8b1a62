using System.Threading.Channels;
using Allotrope.Kernel;

namespace Allotrope.Artery.Client.Tests;

/// <summary>A core of the zone "home" made of the protocol library, which a service dials in memory: it writes down what it is told.</summary>
sealed class FakeCore : ILinkReceiver
{
    public static readonly ArteryKey Key = ArteryKey.OfZone("a secret of the zone"u8, "home");

    readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    readonly Channel<ArteryLink> _links = Channel.CreateUnbounded<ArteryLink>();
    long _beats;

    /// <summary>What is put around the service's end of each connection.</summary>
    public Func<IArteryTransport, IArteryTransport> Around { get; set; } = transport => transport;

    /// <summary>A number chosen at its start.</summary>
    public long Epoch { get; set; } = 1;

    /// <summary>What a service last said that it knew.</summary>
    public KnownStreams? Known { get; private set; }

    /// <summary>Refuses connections while set.</summary>
    public bool IsAway { get; set; }

    public IReadOnlyList<string> Ordered { get; init; } = [];

    /// <summary>Whether arteries need no sealing.</summary>
    public bool IsPrivate { get; init; } = true;

    /// <summary>What each frame of this core is made to be on its way, by its number on the wire.</summary>
    public Func<int, byte[], IEnumerable<byte[]>>? Lie { get; set; }

    /// <summary>Transports that services asked for.</summary>
    public int Dials { get; private set; }

    public static Origin Button { get; } = new("button", 3);

    /// <summary>A way for a service to dial this core.</summary>
    public CoreWay Way => CoreWay.Dial(async _ =>
    {
        await Task.Yield();
        if (IsAway)
            throw new IOException("The core is away.");
        Dials++;
        var (a, b) = MemoryTransport.CreatePair();
        ArteryWire.Accept(Lie is null ? b : new LyingTransport(b, Lie), hello => hello.Zone == "home" ? Answer() : null, TimeProvider.System, new SeededRandom(2));
        return new CoreWire(Around(a), IsPrivate);
    });

    public ArteryServiceOptions Options => new() { Zone = "home", Service = "lamp", Keys = [Key], Core = Way };

    HandshakeAnswer Answer() => new() { Role = ArteryRole.Core, Keys = [Key], Epoch = Epoch, Receiver = this };

    /// <summary>The next link that a service opened.</summary>
    public async Task<ArteryLink> LinkAsync() => await _links.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>The next thing told.</summary>
    public async Task<string> NextAsync() => await _told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public static void Say(ArteryLink link, string name, long sequence, ArteryData data = default) =>
        Assert.True(link.TrySend(new Intent(name, Button, sequence, 1_000_000, data.Cbor.Span)));

    public void Beat(ArteryLink link, bool requesting = false, StateChange? state = null, params PassedCount[] passed)
    {
        using var content = new FrameBuffer();
        new Beat(++_beats, 5, requesting, _beats, state, passed, 1500).Write(content);
        Assert.True(link.TrySend(FrameKind.Heartbeat, content.WrittenSpan));
    }

    public static void Invoke(ArteryLink link, Invocation invocation)
    {
        using var content = new FrameBuffer();
        invocation.Write(content);
        Assert.True(link.TrySend(FrameKind.Invoke, content.WrittenSpan));
    }

    public void OnOpened(ArteryLink link)
    {
        using var content = new FrameBuffer();
        new ReadyMessage(TimeSpan.FromSeconds(3), [], [], Ordered, 1024).Write(content);
        link.TrySendControl(ControlType.Ready, content.WrittenSpan);
        _links.Writer.TryWrite(link);
    }

    public void OnIntents(ArteryLink link, ref IntentBatchReader batch)
    {
        while (batch.TryRead(out var intent))
        {
            if (intent.Ack is { } ack)
                link.TrySendAck(ack);
            Tell($"{intent.Name} {intent.Sequence} {CborJson.ToJson(intent.Data)}");
        }
    }

    public void OnHeartbeat(ArteryLink link, ReadOnlySpan<byte> content)
    {
        var reply = BeatReply.Read(content);
        Tell($"beat {reply.Number} state {reply.StateVersion} gaps {reply.Gaps}");
    }

    public void OnState(ArteryLink link, ReadOnlySpan<byte> content)
    {
        var report = StateReport.Read(content);
        Known = report.Known ?? Known;
        var pairs = string.Join(",", report.State.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={CborJson.ToJson(pair.Value.Span)}"));
        Tell($"{(report.Full ? "full" : "change")} {pairs} next {report.Known?.NextSequence}");
    }

    public void OnInvoke(ArteryLink link, ReadOnlySpan<byte> content)
    {
        switch (Invocation.Read(content))
        {
            case Invocation.Request { Method: "echo" } request: Invoke(link, new Invocation.Result(request.Id, request.Data)); break;
            case Invocation.Request { Method: "fail" } request: Invoke(link, new Invocation.Error(request.Id, InvocationCode.Refused, "no")); break;
            case Invocation.Request request: Tell($"call {request.Target} {request.Method} {request.Key}"); break;
            case Invocation.Result result: Tell($"result {result.Id} {CborJson.ToJson(result.Data.Span)}"); break;
            case Invocation.Error error: Tell($"error {error.Id} {error.Code}"); break;
        }
    }

    public void OnControl(ArteryLink link, ControlType type, ReadOnlySpan<byte> content)
    {
        if (type == ControlType.Fault && FaultMessage.Read(content) is var fault)
            Tell($"fault {fault.Intent} {fault.Sequence} {fault.What}");
        if (type == ControlType.GetState)
            TellState(link, Varint.ReadCount(ref content));
    }

    public void OnClosed(ArteryLink link, CloseCode code, string text)
    {
    }

    static void TellState(ArteryLink link, long request)
    {
        using var content = new FrameBuffer();
        var lamp = new Dictionary<string, ReadOnlyMemory<byte>> { ["level"] = ArteryData.FromInt64(request).Cbor };
        new MergedState(request, 7, new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> { ["lamp"] = lamp }).Write(content);
        link.TrySendControl(ControlType.State, content.WrittenSpan);
    }

    void Tell(string what) => _told.Writer.TryWrite(what);
}
