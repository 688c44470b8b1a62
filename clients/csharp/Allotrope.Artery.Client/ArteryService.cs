namespace Allotrope.Artery.Client;

/// <summary>
/// A service of a zone. Add listeners and handlers, then start it; it comes back to the core by itself whenever the artery breaks. Thread-safe.
/// </summary>
/// <remarks>Dispose it from outside of its handlers: disposing waits for those that run.</remarks>
public sealed class ArteryService : IAsyncDisposable
{
    static readonly TimeSpan DefaultTimeOut = TimeSpan.FromSeconds(5);

    // What a request has besides its data: four names and some numbers
    const int RequestBytes = 1024;

    readonly ArteryServiceOptions _options;
    readonly Deliveries _deliveries;
    readonly CallHandlers _handlers;
    readonly PendingCalls<ArteryData> _calls;
    readonly PendingCalls<ZoneState> _states;
    readonly OutgoingQueue _queue;
    readonly OwnState _own;
    readonly CoreReceiver _receiver;
    readonly CoreSession _session;
    readonly Lock _gate = new();
    Task? _running;
    long _keys;
    bool _closed;
    bool _disposed;

    /// <summary>Makes a service that <see cref="StartAsync"/> starts.</summary>
    /// <exception cref="ArgumentException">A name is too long, or there is no key.</exception>
    public ArteryService(ArteryServiceOptions options)
    {
        ArteryNames.Check(nameof(options.Zone), options.Zone);
        ArteryNames.Check(nameof(options.Service), options.Service);
        if (options.Keys.Count == 0)
            throw new ArgumentException("A service needs the zone's key.", nameof(options));
        _options = options;
        Epoch = ArteryTime.Now(options.Time);
        _deliveries = new Deliveries((intent, what) => _receiver!.Fault(intent, what));
        _handlers = new CallHandlers(options.Service, options.Time);
        _calls = new PendingCalls<ArteryData>(options.Time);
        _states = new PendingCalls<ZoneState>(options.Time);
        _queue = new OutgoingQueue(new Origin(options.Service, Epoch), options.Queue, options.Time);
        _own = new OwnState(Epoch);
        _receiver = new CoreReceiver(options, _deliveries, _handlers, _calls, _states, _queue, _own, SelfDestruct);
        _session = new CoreSession(options, _receiver, _queue, Epoch, SelfDestruct);
    }

    /// <summary>Of this life: its start in microseconds since 1970.</summary>
    public long Epoch { get; }

    /// <summary>Whether there is an artery to the core now.</summary>
    public bool IsConnected => _receiver.Link is not null;

    /// <summary>Intents that wait for the core.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Intents that were dropped here, at a limit of the queue.</summary>
    public long Dropped => _queue.Dropped;

    /// <summary>Mean latency of the artery, as the core says; <see langword="null"/> before it has.</summary>
    public TimeSpan? Pulse => _receiver.Pulse;

    /// <summary>
    /// What arrived and what was missed, of each life of each origin, as of the last heartbeat. Of more than 4,096 lives those longest without news are forgotten.
    /// </summary>
    public IReadOnlyList<Gap> Gaps => _receiver.Gaps.All();

    /// <summary>The zone's merged state, as of the last heartbeat.</summary>
    public ZoneState State => _receiver.Zone;

    /// <summary>Dials or accepts, from now until the service is disposed.</summary>
    /// <returns>When the core has been met for the first time.</returns>
    /// <exception cref="InvalidOperationException">It was started before, or is closed.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (_running is not null || _closed)
                throw new InvalidOperationException("A service is started once.");
            _running = _session.RunAsync();
        }

        await _receiver.Ready.WaitAsync(cancellation);
    }

    /// <summary>Says an intent. It waits, bounded, while the core is away.</summary>
    /// <exception cref="ArgumentException">Its name is none or only the core's, or its data is too large.</exception>
    public void Send(string intent, ArteryData data = default) => Add(intent, data, null);

    /// <summary>Says an intent and waits until the core has it.</summary>
    /// <param name="timeOut">5 s when not said.</param>
    /// <exception cref="ArgumentException">As for <see cref="Send"/>.</exception>
    /// <exception cref="InvokeException">It was not said to have arrived in time; it may have.</exception>
    public Task SendAsync(string intent, ArteryData data = default, TimeSpan? timeOut = null, CancellationToken cancellation = default) =>
        _calls.CallAsync(id => Add(intent, data, id), OnBreak.Wait, timeOut ?? DefaultTimeOut, cancellation);

    /// <summary>
    /// Calls back for each intent of a name, or of a prefix ending in <c>*</c>, off the reading loop. What a handler throws is told to the core as received, not
    /// processed.
    /// </summary>
    /// <param name="ordered">Calls for a name keep the intents' order and never overlap; the zone may want it too.</param>
    /// <returns>Removes the handler when disposed.</returns>
    public Listener On(string intent, Func<ReceivedIntent, Task> handler, bool ordered = false) => _deliveries.Add(intent, ordered, handler);

    /// <summary>The same with a handler that does not wait.</summary>
    public Listener On(string intent, Action<ReceivedIntent> handler, bool ordered = false) => _deliveries.Add(intent, ordered, received =>
    {
        handler(received);
        return Task.CompletedTask;
    });

    /// <summary>Sets a key of this service's own state; null removes it.</summary>
    /// <exception cref="ArgumentException">The key or value cannot be carried, or the state would be larger than <see cref="ArteryLimits.StateBytes"/>.</exception>
    public void SetState(string key, ArteryData value) => _own.Change(key, value);

    /// <summary>Removes a key of this service's own state.</summary>
    public void RemoveState(string key) => _own.Change(key, ArteryData.Null);

    /// <summary>Asks the core for the zone's merged state of this moment.</summary>
    /// <param name="timeOut">5 s when not said.</param>
    /// <exception cref="InvokeException">There is no artery to the core, or no answer came in time.</exception>
    public Task<ZoneState> FetchStateAsync(TimeSpan? timeOut = null, CancellationToken cancellation = default) => _states.CallAsync(
        id =>
        {
            Span<byte> request = stackalloc byte[Varint.MaxBytes];
            if (_receiver.Link?.TrySendControl(ControlType.GetState, request[..Varint.Write(request, (ulong)id)]) is not true)
                throw new InvokeException(InvocationCode.Unreachable, "There is no artery to the core now, or too much waits on it.");
        },
        OnBreak.Fail, timeOut ?? DefaultTimeOut, cancellation);

    /// <summary>Answers invocations of a method; a handler that throws <see cref="InvokeException"/> chooses the code its caller gets.</summary>
    public void Handle(string method, Func<ReceivedCall, Task<ArteryData>> handler) => _handlers.Add(method, handler);

    /// <summary>The same with a handler that does not wait.</summary>
    public void Handle(string method, Func<ReceivedCall, ArteryData> handler) => _handlers.Add(method, call => Task.FromResult(handler(call)));

    /// <summary>Invokes a method of a service.</summary>
    /// <param name="key">Idempotency: with one it is sent again when the artery breaks, and still runs once within 60 s; without one it fails then, unless there are several ways to the core.</param>
    /// <param name="timeOut">5 s when not said.</param>
    /// <exception cref="ArgumentException">A name is too long, or the data too large.</exception>
    /// <exception cref="InvokeException">It failed; the code says why.</exception>
    public Task<ArteryData> InvokeAsync(
        string service, string method, ArteryData data = default, string? key = null, TimeSpan? timeOut = null, CancellationToken cancellation = default)
    {
        ArteryNames.Check(nameof(service), service);
        ArteryNames.Check(nameof(method), method);
        if (key is not null)
            ArteryNames.Check(nameof(key), key);
        else if (_options.Core.Count > 1)
            key = $"{Epoch}-{Interlocked.Increment(ref _keys)}"; // so that the next way may ask again when this one is cut
        if (data.Cbor.Length > ArteryLimits.ContentBytes - RequestBytes)
            throw new ArgumentException($"The data has {data.Cbor.Length} bytes; less than {ArteryLimits.ContentBytes} are carried.", nameof(data));
        var limit = timeOut ?? DefaultTimeOut;
        return _calls.CallAsync(
            id =>
            {
                var sent = _receiver.Reply(new Invocation.Request(id, service, _options.Service, method, key, data.Whole, limit));
                if (!sent && key is null)
                    throw new InvokeException(InvocationCode.Unreachable, "There is no artery to the core now, or too much waits on it.");
            },
            key is null ? OnBreak.Fail : OnBreak.SendAgain, limit, cancellation);
    }

    /// <summary>Ends the artery, stops dialling or accepting and waits for the handlers that run. What still waits for the core is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            if (_disposed)
                return;
            (_closed, _disposed) = (true, true);
            running = _running ??= _options.Core.CloseAsync().AsTask();
        }

        _session.Stop();
        _calls.Close();
        _states.Close();
        await running;
        await _deliveries.WhenIdleAsync();
        await _handlers.WhenIdleAsync();
        _session.Dispose();
    }

    void Add(string intent, ArteryData data, long? ack)
    {
        if (!IntentName.IsValid(intent))
            throw new ArgumentException($"An intent's name is 1 to {ArteryLimits.NameBytes} of A-Z a-z 0-9 _ - . : /; '{intent}' is not.", nameof(intent));
        if (IntentName.IsReserved(intent))
            throw new ArgumentException($"Only the core says {intent}.", nameof(intent));
        if (data.Cbor.Length > ArteryLimits.IntentBytes)
            throw new ArgumentException($"{intent} has {data.Cbor.Length} bytes of data; at most {ArteryLimits.IntentBytes} are allowed.", nameof(data));
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _closed), this);
        if (_queue.Add(intent, data.Cbor, ack) is { } reason)
            SelfDestruct(reason);
    }

    void SelfDestruct(string reason)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        _session.Stop();
        _calls.Close();
        _states.Close();
        _receiver.Log($"self-destruct: {reason}");
        try
        {
            _options.SelfDestructed?.Invoke(reason);
        }
        catch (Exception thrown)
        {
            _receiver.Log($"SelfDestructed has thrown: {thrown.Message}");
        }
    }
}
