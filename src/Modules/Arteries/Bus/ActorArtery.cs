using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Invocation = Allotrope.Artery.Invocation;

namespace Allotrope.Arteries;

/// <summary>
/// An actor as a service of a zone: what the zone says to it becomes calls of <see cref="MessagingContract.HandleMessage"/> in order, what it
/// publishes becomes intents. It has no wire; a full queue drops the oldest.
/// </summary>
/// <param name="zone">The zone's workload, as which the actor is called.</param>
sealed class ActorArtery : IArtery, IAsyncDisposable
{
    /// <summary>Subject of a publication that sets keys of the actor's state: a JSON object, null removes.</summary>
    public const string StateSubject = "__state";

    const string ReplySubject = "__reply/";

    readonly ZoneCore _core;
    readonly Member _member;
    readonly ILattice _lattice;
    readonly IncomingLink _actor;
    readonly string _zone;
    readonly TimeProvider _time;
    readonly Origin _origin;
    readonly Channel<Held> _intents;
    readonly Channel<Invocation.Request> _calls = Channel.CreateBounded<Invocation.Request>(1024);
    readonly ConcurrentDictionary<long, TaskCompletionSource<Invocation>> _asked = [];
    readonly Lock _saying = new();
    readonly SemaphoreSlim _work = new(0);
    readonly CancellationTokenSource _stop = new();
    readonly Task _running;
    int _beats;
    long _said;
    long _called;
    long _stateVersion;

    public ActorArtery(ZoneCore core, Member member, ILattice lattice, IncomingLink actor, string zone, TimeProvider time)
    {
        (_core, _member, _lattice, _actor, _zone, _time) = (core, member, lattice, actor, zone, time);
        _origin = new Origin(member.Name, ArteryTime.Now(time));
        _intents = Channel.CreateBounded<Held>(
            new BoundedChannelOptions(member.Manifest.Queue) { FullMode = BoundedChannelFullMode.DropOldest }, held => Pass(held, dropped: true));
        core.Open(member, this, _origin.Epoch);
        ReportState(new Dictionary<string, ReadOnlyMemory<byte>>(), new KnownStreams(1, []));
        _running = RunAsync();
    }

    public ConcurrentDictionary<Origin, Account> Accounts { get; set; } = [];

    public int Waiting => _intents.Reader.Count;

    public Member Member => _member;

    /// <summary>The actor publishes: an intent, the answer to a call, or its state.</summary>
    /// <exception cref="FaultException">The subject is no intent's name, or the zone has let go of the actor.</exception>
    public void Publish(MessagingContract.ActorMessage message)
    {
        try
        {
            if (message.Subject.StartsWith(ReplySubject, StringComparison.Ordinal)
                && long.TryParse(message.Subject.AsSpan(ReplySubject.Length), out var id))
                _core.CallAnswered(_member, new Invocation.Result(id, MessagingContract.ToData(message.Body)));
            else if (message.Subject == StateSubject)
                ReportState(ReadState(message.Body), known: null);
            else if (!IntentName.IsValid(message.Subject) || IntentName.IsReserved(message.Subject) || !_member.Emit.Has(message.Subject))
                throw new FaultException(new Fault.Refused(
                    $"{_member.Name} may not say an intent '{message.Subject}': see the link's value `emit`."));
            else
                Say(message);
        }
        catch (ArteryException flood)
        {
            throw new FaultException(new Fault.Exhausted(flood.Message), flood);
        }
    }

    /// <summary>The actor asks <c>service.method</c>; <c>core.state</c> gives the zone's state.</summary>
    public async Task<byte[]> RequestAsync(MessagingContract.ActorMessage message, CancellationToken cancellation)
    {
        if (message.Subject == "core.state")
            return WriteState(_core.State());
        var dot = message.Subject.LastIndexOf('.');
        if (dot <= 0)
            throw new FaultException(new Fault.Invalid("subject", $"'{message.Subject}' names no method: write service.method."));
        var id = Interlocked.Increment(ref _called);
        var answer = _asked[id] = new TaskCompletionSource<Invocation>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _core.Call(_member, this, new Invocation.Request(
                id, message.Subject[..dot], _member.Name, message.Subject[(dot + 1)..], Key: null, MessagingContract.ToData(message.Body),
                message.TimeOut));
            return await answer.Task.WaitAsync(cancellation) switch
            {
                Invocation.Result result => MessagingContract.ToBody(result.Data.Span),
                Invocation.Error error => throw new FaultException(new Fault.Failed($"{message.Subject} failed ({error.Code}): {error.Text}")),
                _ => throw new InvalidOperationException("An answer is a result or an error."),
            };
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

    void Say(MessagingContract.ActorMessage message)
    {
        // Under one lock, because several instances of an actor may speak at once and a number that comes late would count as repeated
        lock (_saying)
            _core.Hear(_member, this, new Intent(message.Subject, _origin, ++_said, ArteryTime.Now(_time), MessagingContract.ToData(message.Body)));
    }

    public bool TrySay(in Intent intent)
    {
        if (!_intents.Writer.TryWrite(new Held(intent.Name, intent.Origin, intent.Sequence, intent.Time, intent.Data.ToArray(), Beat: 0)))
            return false;
        _work.Release();
        return true;
    }

    public void Beat()
    {
        Interlocked.Exchange(ref _beats, 1);
        _work.Release();
    }

    public bool TryCall(Invocation.Request call)
    {
        var taken = _calls.Writer.TryWrite(call);
        if (taken)
            _work.Release();
        return taken;
    }

    public void Answer(Invocation answer)
    {
        if (_asked.TryGetValue(answer.Id, out var waiting))
            waiting.TrySetResult(answer);
    }

    public void Acknowledge(long ack)
    {
    }

    public void TellState(MergedState state)
    {
    }

    public void Close(CloseCode code, string text) => _stop.CancelAfter(TimeSpan.Zero); // never on the caller's stack, which holds the core's lock

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _intents.Writer.TryComplete();
        while (_intents.Reader.TryRead(out var held))
            Pass(held, dropped: true);
        _stop.Dispose();
        _work.Dispose();
    }

    async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(_stop.Token);
                if (Interlocked.Exchange(ref _beats, 0) == 1)
                    _core.Answer(_member, this, _core.MakeBeat(_member, this).Number, confirmed: null);
                if (_calls.Reader.TryRead(out var call) && await DeliverAsync(call.Method, ReplySubject + call.Id, call.Data) is { } problem)
                    _core.CallAnswered(_member, new Invocation.Error(call.Id, InvocationCode.Failed, problem));
                if (!_intents.Reader.TryRead(out var held))
                    continue;
                Pass(held, dropped: false);
                if (await DeliverAsync(held.Name, null, held.Data) is { } fault)
                    _core.Fault(_member, held.Name, held.Origin.Name, held.Sequence, fault);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // closed
        }
        catch (ArteryException flood)
        {
            _core.Close(_member, this, flood.Code, flood.Message);
        }
    }

    /// <returns>What went wrong, if anything did.</returns>
    async Task<string?> DeliverAsync(string subject, string? replyTo, ReadOnlyMemory<byte> data)
    {
        var body = MessagingContract.Write(subject, replyTo, MessagingContract.ToBody(data.Span));
        var invocation = new Contracts.Invocation(_zone, ZoneManifest.Contract, _actor.Name, MessagingContract.HandleMessage, body);
        try
        {
            var reply = await _lattice.RequestAsync(
                new Message(Subjects.Invoke(_actor.Workload), Payload.Of(invocation, ContractsJson.Default.Invocation)), cancellation: _stop.Token);
            return reply.Payload.As(ContractsJson.Default.InvocationResult).Error;
        }
        catch (FaultException error)
        {
            return error.Fault.Message;
        }
    }

    void ReportState(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values, KnownStreams? known) =>
        _core.Report(_member, this, new StateReport(Interlocked.Increment(ref _stateVersion), Full: false, values, known));

    static Dictionary<string, ReadOnlyMemory<byte>> ReadState(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, PrimitiveJson.Bounded);
            return document.RootElement.EnumerateObject().ToDictionary(
                pair => pair.Name, pair => (ReadOnlyMemory<byte>)PrimitiveJson.ToCbor(pair.Value));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FaultException(new Fault.Invalid("body", "A state is a JSON object with each key once."), error);
        }
    }

    static byte[] WriteState(StateChange state)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output);
        PrimitiveJson.WriteState(state, json);
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    void Pass(Held held, bool dropped) => _member.Pass(Accounts, held.Origin, held.Sequence, dropped);
}
