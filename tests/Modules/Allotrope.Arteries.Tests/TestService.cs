using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Allotrope.Artery;
using Allotrope.Kernel;

namespace Allotrope.Arteries.Tests;

/// <summary>
/// A service at the other end of an artery, without any client library: it remembers what it hears and answers beats unless told not to.
/// </summary>
sealed class TestService(string name, TimeProvider time, long epoch = 1) : ILinkReceiver, IAsyncDisposable
{
    readonly Channel<Heard> _heard = Channel.CreateUnbounded<Heard>();
    readonly Channel<Beat> _beats = Channel.CreateUnbounded<Beat>();
    readonly Channel<Invocation> _calls = Channel.CreateUnbounded<Invocation>();
    readonly Channel<(ControlType Type, byte[] Content)> _controls = Channel.CreateUnbounded<(ControlType, byte[])>();
    readonly ConcurrentDictionary<(string Origin, long Epoch), long> _arrived = [];
    readonly ConcurrentDictionary<(string Origin, long Epoch), PassedCount> _passed = [];
    readonly ConcurrentDictionary<(string Origin, long Epoch), long> _missed = [];
    readonly List<KnownOrigin> _claims = [];
    long _said;
    long _confirmed;

    public string Name => name;

    public ArteryLink? Link { get; private set; }

    public bool AnswersBeats { get; set; } = true;

    public int Batches { get; private set; }

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> State { get; set; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    public ConcurrentDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ZoneState { get; } = [];

    public async Task ConnectAsync(IArteryTransport transport, byte[]? secret = null, string? user = null, bool isSealed = false)
    {
        var key = ArteryKey.OfZone(secret ?? Zone.Secret, Zone.Name);
        var offer = new HandshakeOffer
        {
            Role = ArteryRole.Service, Zone = Zone.Name, Service = name, User = user, Key = user is null ? key : key.ForUser(name, user), Epoch = epoch, Sealed = isSealed,
        };
        Link = await ArteryLink.DialAsync(transport, offer, this, LinkOptions.Default, time, SystemRandom.Instance, TestContext.Current.CancellationToken);
    }

    /// <summary>The other way: the core dials.</summary>
    public async Task AcceptAsync(IArteryTransport transport) => Link = await ArteryLink.AcceptAsync(
        transport,
        _ => new HandshakeAnswer { Role = ArteryRole.Service, Keys = [ArteryKey.OfZone(Zone.Secret, Zone.Name)], Epoch = epoch, Receiver = this },
        time, SystemRandom.Instance, TestContext.Current.CancellationToken);

    public void Say(string intent, string json = "null") => Assert.True(TrySay(intent, ++_said, json));

    /// <summary>Says at the next requesting beat that it knows this, true or not.</summary>
    public void Claim(KnownOrigin known) => _claims.Add(known);

    /// <summary>Builds an intent that is lost before it leaves.</summary>
    public void Lose() => _said++;

    public bool TrySay(string intent, long sequence, string json = "null", long? ack = null) => Link!.TrySend(
        new Intent(intent, new Origin(name, epoch), sequence, ArteryTime.Now(time), PrimitiveJson.ToCbor(Encoding.UTF8.GetBytes(json)), ack));

    public void Report(long version, params (string Key, string Json)[] values) => Send(
        FrameKind.State, new StateReport(version, false, values.ToDictionary(pair => pair.Key, pair => Cbor(pair.Json)), null).Write);

    public void Call(Invocation invocation) => Send(FrameKind.Invoke, invocation.Write);

    public void Control(ControlType type, Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        Assert.True(Link!.TrySendControl(type, output.WrittenSpan));
    }

    /// <summary>The next intent. On a real clock the pulse goes as the machine does, so what is said of it is left out.</summary>
    public async Task<Heard> NextAsync()
    {
        while (true)
            if (await Soon(_heard.Reader.ReadAsync(TestContext.Current.CancellationToken)) is var heard
                && (time != TimeProvider.System || !heard.Name.StartsWith("PULSE_", StringComparison.Ordinal)))
                return heard;
    }

    /// <summary>Whether something was heard that no test has taken yet.</summary>
    public bool HasHeard => _heard.Reader.Count > 0;

    public async Task<Beat> NextBeatAsync() => await Soon(_beats.Reader.ReadAsync(TestContext.Current.CancellationToken));

    public async Task<Invocation> NextCallAsync() => await Soon(_calls.Reader.ReadAsync(TestContext.Current.CancellationToken));

    public async Task<(ControlType Type, byte[] Content)> NextControlAsync(ControlType wanted)
    {
        while (true)
            if (await Soon(_controls.Reader.ReadAsync(TestContext.Current.CancellationToken)) is var control && control.Type == wanted)
                return control;
    }

    public async Task<CloseCode> ClosedAsync() => (await Link!.Completion.WaitAsync(TimeSpan.FromSeconds(60))).Code;

    public long Arrived(string origin) => _arrived.Where(pair => pair.Key.Origin == origin).Sum(pair => pair.Value);

    public PassedCount? Passed(string origin) => _passed.Where(pair => pair.Key.Origin == origin).Select(pair => (PassedCount?)pair.Value).LastOrDefault();

    /// <summary>As a client counts it: what had passed and not arrived at the place of a beat in the stream.</summary>
    public long Missed(string origin) => _missed.Where(pair => pair.Key.Origin == origin).Sum(pair => pair.Value);

    /// <summary>Goes on with what another artery, or another core, has told the same process.</summary>
    public TestService Again() => CopyTo(new TestService(name, time, epoch));

    public async ValueTask DisposeAsync()
    {
        if (Link is not null)
            await Link.CloseAsync(CloseCode.Leaving, "");
    }

    public void OnIntents(ArteryLink link, ref IntentBatchReader batch)
    {
        Batches++;
        while (batch.TryRead(out var intent))
        {
            var origin = (intent.Origin.Name, intent.Origin.Epoch);
            _arrived.AddOrUpdate(origin, 1, (_, before) => before + 1);
            _heard.Writer.TryWrite(new Heard(intent.Name, intent.Origin.Name, intent.Sequence, intent.Time, Encoding.UTF8.GetString(PrimitiveJson.ToJson(intent.Data))));
        }
    }

    public void OnHeartbeat(ArteryLink link, ReadOnlySpan<byte> content)
    {
        var beat = Beat.Read(content);
        foreach (var passed in beat.Passed)
        {
            var origin = (passed.Origin, passed.Epoch);
            _passed[origin] = passed;
            _missed[origin] = passed.Passed - _arrived.GetValueOrDefault(origin);
        }
        if (beat.State is { } state)
            foreach (var (service, values) in state.Services)
                ZoneState[service] = values;
        if (beat.RequestingState && AnswersBeats)
            Send(FrameKind.State, new StateReport(0, true, State, new KnownStreams(_said + 1, Known())).Write);
        _confirmed = beat.StateVersion;
        if (AnswersBeats)
            Send(FrameKind.Heartbeat, new BeatReply(beat.Number, beat.Sent, _confirmed, 0).Write);
        _beats.Writer.TryWrite(beat);
    }

    public void OnState(ArteryLink link, ReadOnlySpan<byte> content)
    {
    }

    public void OnInvoke(ArteryLink link, ReadOnlySpan<byte> content) => _calls.Writer.TryWrite(Invocation.Read(content));

    public void OnControl(ArteryLink link, ControlType type, ReadOnlySpan<byte> content) => _controls.Writer.TryWrite((type, content.ToArray()));

    public void OnClosed(ArteryLink link, CloseCode code, string text)
    {
    }

    public static ReadOnlyMemory<byte> Cbor(string json) => PrimitiveJson.ToCbor(Encoding.UTF8.GetBytes(json));

    KnownOrigin[] Known() =>
    [
        .. _claims,
        .. _passed.Values.Select(passed => new KnownOrigin(
            passed.Origin, passed.Epoch, passed.HighSequence, _arrived.GetValueOrDefault((passed.Origin, passed.Epoch)),
            _missed.GetValueOrDefault((passed.Origin, passed.Epoch)), passed.Unknown)),
    ];

    TestService CopyTo(TestService other)
    {
        other._said = _said;
        foreach (var (origin, count) in _arrived)
            other._arrived[origin] = count;
        foreach (var (origin, passed) in _passed)
            other._passed[origin] = passed;
        foreach (var (origin, missed) in _missed)
            other._missed[origin] = missed;
        return other;
    }

    void Send(FrameKind kind, Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        Link?.TrySend(kind, output.WrittenSpan);
    }

    void ILinkReceiver.OnOpened(ArteryLink link) => Link = link;

    static async Task<T> Soon<T>(ValueTask<T> awaited) => await awaited.AsTask().WaitAsync(TimeSpan.FromSeconds(60));
}

sealed record Heard(string Name, string Origin, long Sequence, long Time, string Data);
