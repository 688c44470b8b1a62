using System.Collections.Concurrent;
using System.Threading.Channels;
using Allotrope.Artery;
using Allotrope.Contracts;
using Invocation = Allotrope.Artery.Invocation;

namespace Allotrope.Arteries;

/// <summary>
/// An artery that speaks the original JSON, without proof of the key, numbers or calls. Who speaks it is told how many intents it has missed, but
/// cannot check. Of the policies it knows <c>sever</c>; the other two both drop the oldest.
/// </summary>
sealed class LegacyArtery : IArtery, IDisposable
{
    /// <summary>That wait to be written.</summary>
    const int Acknowledgements = 1024;

    readonly ZoneCore _core;
    readonly Member _member;
    readonly IArteryTransport _transport;
    readonly TimeProvider _time;
    readonly CancellationTokenSource _stop = new();
    readonly Channel<Held> _intents;
    readonly ConcurrentQueue<byte[]> _first = [];
    readonly SemaphoreSlim _work = new(0);
    readonly Origin _origin;
    long _said;
    int _beats;
    (CloseCode Code, string Text)? _end;

    public LegacyArtery(ZoneCore core, Member member, IArteryTransport transport, TimeProvider time)
    {
        (_core, _member, _transport, _time) = (core, member, transport, time);
        _origin = new Origin(member.Name, ArteryTime.Now(time));
        var full = member.Manifest.Slow == SlowPolicy.Sever ? BoundedChannelFullMode.Wait : BoundedChannelFullMode.DropOldest;
        _intents = Channel.CreateBounded<Held>(
            new BoundedChannelOptions(member.Manifest.Queue) { FullMode = full }, held => Pass(held, dropped: true));
    }

    public ConcurrentDictionary<Origin, Account> Accounts { get; set; } = [];

    public int Waiting => _intents.Reader.Count;

    /// <summary>Speaks until either side ends it. Owns the transport.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
        _core.Open(_member, this, _origin.Epoch);
        // Nobody has a known past on this wire
        _core.Report(_member, this, new StateReport(0, false, new Dictionary<string, ReadOnlyMemory<byte>>(), new KnownStreams(1, [])));
        var writing = WriteAsync(stopping.Token);
        await EndAsync(ReadAsync(stopping.Token));
        await _stop.CancelAsync();
        await EndAsync(writing);
        var (code, text) = _end ?? (CloseCode.Lost, "The connection is lost.");
        _core.Close(_member, this, code, text);
        while (_intents.Reader.TryRead(out var held))
            Pass(held, dropped: true);
        await EndAsync(_transport.CloseAsync(code, text, cancellation).AsTask());
        await _transport.DisposeAsync();
    }

    /// <summary>After <see cref="RunAsync"/>.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _work.Dispose();
    }

    public bool TrySay(in Intent intent)
    {
        if (_end is not null)
            return false;
        if (_intents.Writer.TryWrite(new Held(intent.Name, intent.Origin, intent.Sequence, intent.Time, intent.Data.ToArray(), Beat: 0)))
        {
            _work.Release();
            return true;
        }
        Close(CloseCode.Severed, $"{_member.Name} does not keep up: its queue of intents is full.");
        return false;
    }

    public void Beat()
    {
        Interlocked.Exchange(ref _beats, 1);
        _work.Release();
    }

    public bool TryCall(Invocation.Request call) => false;

    public void Answer(Invocation answer)
    {
    }

    public void Acknowledge(long ack)
    {
    }

    public void TellState(MergedState state)
    {
    }

    public void Close(CloseCode code, string text)
    {
        _end ??= (code, text);
        _stop.CancelAfter(TimeSpan.Zero); // never on the caller's stack, which holds the core's lock
    }

    async Task ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var frame = await _transport.ReceiveAsync(ArteryLimits.FrameBytes, cancellation);
            if (frame.Closed is { } code)
            {
                _end ??= (code, frame.Text);
                return;
            }
            _core.Count(_member);
            var (reply, ackKey) = LegacyMessage.Read(frame.Bytes, Say);
            if (reply is not null)
                Replied(reply);
            if (ackKey is not null)
            {
                if (_first.Count >= Acknowledgements)
                    throw new ArteryException(CloseCode.Severed, $"{_member.Name} asks for acknowledgements and does not read them: {Acknowledgements} wait.");
                _first.Enqueue(LegacyMessage.Acknowledgement(ackKey));
                _work.Release();
            }
        }
    }

    void Say(string name, byte[] data) =>
        _core.Hear(_member, this, new Intent(name, _origin, ++_said, ArteryTime.Now(_time), data));

    // Only the reply to a beat that this artery has sent counts, whatever else a message may look like
    void Replied(string ackKey)
    {
        if (ackKey.StartsWith(KeyStart, StringComparison.Ordinal) && long.TryParse(ackKey.AsSpan(KeyStart.Length), out var beat))
            _core.Answer(_member, this, beat, confirmed: null);
    }

    async Task WriteAsync(CancellationToken cancellation)
    {
        List<Held> batch = [];
        while (true)
        {
            await _work.WaitAsync(cancellation);
            while (_first.TryDequeue(out var acknowledgement))
                await _transport.SendAsync(acknowledgement, cancellation);
            if (Interlocked.Exchange(ref _beats, 0) == 1)
                await _transport.SendAsync(Heartbeat(), cancellation);
            batch.Clear();
            while (batch.Count < LegacyMessage.BatchLength && _intents.Reader.TryRead(out var held))
                batch.Add(held);
            if (batch.Count == 0)
                continue;
            foreach (var held in batch)
                Pass(held, dropped: false);
            await _transport.SendAsync(LegacyMessage.Intents(batch), cancellation);
        }
    }

    byte[] Heartbeat()
    {
        var beat = _core.MakeBeat(_member, this);
        var missed = Accounts.Values.Where(account => account.Dropped > 0)
            .GroupBy(account => account.Run.Origin.Name)
            .Select(lives => KeyValuePair.Create(lives.Key, lives.Sum(account => account.Dropped)));
        return LegacyMessage.Heartbeat(_member.Name, $"{KeyStart}{beat.Number}", beat, missed);
    }

    string KeyStart => $"{_origin.Epoch}-";

    void Pass(Held held, bool dropped) => _member.Pass(Accounts, held.Origin, held.Sequence, dropped);

    async Task EndAsync(Task part)
    {
        try
        {
            await part;
        }
        catch (ArteryException broken)
        {
            _end ??= (broken.Code, broken.Message);
        }
        catch (Exception lost) when (lost is IOException or OperationCanceledException)
        {
            _end ??= (CloseCode.Lost, "The connection is lost.");
        }
        catch (Exception failed)
        {
            _end ??= (CloseCode.Internal, $"The core failed: {failed.Message}"); // the artery must not outlive its loops
        }
    }
}
