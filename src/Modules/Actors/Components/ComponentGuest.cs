using System.Diagnostics.CodeAnalysis;
using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasi.Http;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>One instance of a component, with one of each component on this node that it is linked to.</summary>
sealed class ComponentGuest : IPooledInstance
{
    /// <summary>What HTTP requests are given to; any version of the interface that is compatible.</summary>
    const string Handler = "wasi:http/incoming-handler@0.2.0";

    /// <summary>What a program with an end exports.</summary>
    const string Command = "wasi:cli/run";

    const long BytesPerPage = 64 * 1024;

    readonly ComponentRevision _revision;
    readonly GuestMonitor _monitor;
    readonly Dictionary<string, GuestPart> _parts = [];
    readonly GuestPart[] _all;
    readonly Store[] _stores;
    long _pages; // when it was made
    ComposedInstance? _made;
    ComponentInstance? _instance;
    Func<IIncomingRequest, IResponseOutparam, ValueTask>? _handle;
    MessageExports _messages;
    WatcherExports? _watcher;
    string? _begun; // the part that is being started, or was last
    ComponentCall? _call;
    GuestRun? _run;

    public ComponentGuest(ComponentRevision revision)
    {
        (_revision, _monitor) = (revision, revision.Monitor);
        foreach (var (workload, part) in revision.Linked.Parts)
            _parts.Add(workload, new GuestPart(part, revision));
        _all = [.. _parts.Values];
        _stores = Array.ConvertAll(_all, part => part.Store);
        foreach (var store in _stores)
            (store.Continuing, store.Blocking) = (next => _call!.GoOn(next), Block);
    }

    public long IdleSince { get; set; }

    public long Weight => Pages * BytesPerPage;

    public long Growth => (Pages - _pages) * BytesPerPage;

    long Pages => _stores.Sum(store => store.MemoryPages);

    /// <summary>What it holds of HTTP.</summary>
    public HttpHoldings Holdings => Own.State.Http.Holdings;

    /// <summary>Ends what the guest waits for. It is of no use afterwards.</summary>
    public CancellationToken Stop => Own.State.Wasi.Stop;

    /// <summary>It waits for nothing but a clock, which is its own doing.</summary>
    public bool IsAsleep => Array.Exists(_all, part => part.State.IsAsleep);

    /// <summary>In which component its call has ended, if that never came back.</summary>
    public ComponentPart? Broken => (_made is null ? _begun : _made.Broken) is { } name ? _revision.Linked.Parts[name] : null;

    GuestPart Own => _parts[_revision.Assignment.Workload];

    /// <summary>Makes the instance on the thread of <paramref name="run"/>, once.</summary>
    /// <exception cref="FaultException">It imports what it was not granted, or exports no way to call it.</exception>
    /// <exception cref="Trap">Its start trapped.</exception>
    public void Start(GuestRun run)
    {
        if (_instance is not null)
            return;
        var workload = _revision.Assignment.Workload;
        GoOn(run);
        try
        {
            _made = _revision.Linked.Composition.Instantiate(name => _parts[_begun = name].Store, name => _parts[name].State);
        }
        catch (LinkException error)
        {
            throw new FaultException(new Fault.Refused($"Component {workload} cannot start: {error.Message}"), error);
        }
        catch (InsufficientMemoryException error)
        {
            throw new FaultException(new Fault.Exhausted(
                $"This node has no memory left for another instance of {workload}; stop something or lower its instances."), error);
        }
        (_pages, _instance) = (Pages, _made[workload]);
        if (!_instance.Exports.Values.Any(export => export is ComponentExternType.Instance))
            throw Lacks("no interface");
        if (_instance.Exports.Keys.All(export => export.StartsWith(Command, StringComparison.Ordinal)))
        {
            throw new FaultException(new Fault.Refused(
                $"Component {workload} is a command: it exports {Command} and nothing that a node calls. Run it with `allot run`, or let it answer wasi:http/incoming-handler."));
        }
        if (_instance.TryGetInstance(Handler, out var handler))
            _handle = handler.GetFunction<Func<IIncomingRequest, IResponseOutparam, ValueTask>>("handle");
        (_messages, _watcher) = (MessageExports.Of(_instance), WatcherExports.Of(_instance));
    }

    /// <summary>A call begins on the thread of <paramref name="run"/>. Followed by <see cref="End"/>.</summary>
    public void Begin(ComponentCall call, GuestRun run)
    {
        Start(run);
        _call = call;
        foreach (var part in _all)
            part.State.Time = call.Time;
        GoOn(run);
    }

    /// <summary>The call goes on on the thread of <paramref name="run"/>.</summary>
    public void GoOn(GuestRun run)
    {
        _run = run;
        run.Attach(_stores);
    }

    /// <summary>The call is over.</summary>
    public void End()
    {
        foreach (var part in _all)
        {
            part.Say();
            part.State.Time = null;
        }
        (_call, _run) = (null, null);
    }

    /// <summary>Hands a request to the guest. After an exception the instance must not be used again.</summary>
    public ValueTask HandleAsync(IncomingRequest request, ResponseOutparam response) =>
        (_handle ?? throw Lacks("no wasi:http/incoming-handler"))(request, response);

    /// <summary>Hands a message to the guest; the answer is what it says is wrong with it, if anything. After an exception the instance must not be used again.</summary>
    public ValueTask<string?> TakeAsync(Contracts.MessageDelivery delivery) =>
        _messages.Has(delivery.Interface) ? _messages.TakeAsync(delivery, Own.State.WasiMessages) : throw Lacks($"no {delivery.Interface}");

    /// <summary>Tells the guest of a change, likewise.</summary>
    public ValueTask<string?> TakeAsync(Contracts.KeyValueChange change) =>
        (_watcher ?? throw Lacks("no wasi:keyvalue/watcher")).TakeAsync(change, Own.State.Stores);

    /// <summary>Calls a function for a component on another node. After an exception the instance must not be used again.</summary>
    public ValueTask<Contracts.FunctionReply> CallAsync(Contracts.FunctionCall call) => _revision.Functions.CallAsync(_instance!, call);

    /// <summary>Ends the guest's waits from another thread, because nobody wants its answer any more.</summary>
    public void StopWaiting()
    {
        foreach (var part in _all)
            part.State.Wasi.StopWaiting();
    }

    public void Dispose()
    {
        _made?.Dispose();
        foreach (var part in _all)
            part.Dispose();
    }

    FaultException Lacks(string exports) => new(new Fault.Invalid("exports",
        $"Component {_revision.Assignment.Workload} exports {exports}, so it cannot be asked for that; `allot wit` shows what it exports."));

    /// <summary>
    /// Where a guest cannot be suspended, which is so while it starts, its thread waits and another takes its place. What starts has nobody else to wait
    /// for, so that its own time goes on.
    /// </summary>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "the guest cannot be suspended: its thread waits")]
    void Block(Task task)
    {
        var run = _run!;
        var limit = _call is null ? _monitor.Until(run.Deadline) : Timeout.InfiniteTimeSpan;
        run.BeginWait();
        if (!IsAsleep)
            _call?.Time.StandStill();
        try
        {
            task.WaitAsync(limit, _revision.Host.Time, run.Cancellation).GetAwaiter().GetResult();
        }
        finally
        {
            _call?.Time.GoOn();
            run.EndWait();
        }
    }
}
