using System.Diagnostics.CodeAnalysis;
using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasi;
using Allotrope.Wasi.Http;
using Allotrope.Wasmcloud.Messaging;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>One instance of a component: its memories and what it has of the host.</summary>
sealed class ComponentGuest : IPooledInstance
{
    /// <summary>What HTTP requests are given to; any version of the interface that is compatible.</summary>
    const string Handler = "wasi:http/incoming-handler@0.2.0";

    /// <summary>What messages are given to, likewise.</summary>
    const string MessageHandler = "wasmcloud:messaging/handler@0.2.0";

    const uint PagesPerMebibyte = 16;

    const long BytesPerPage = 64 * 1024;

    readonly LogOutput _output, _errors;
    readonly ComponentState _state;
    readonly string _workload;
    readonly GuestMonitor _monitor;
    readonly Store _store;
    readonly long _pages; // when it was made
    readonly ComponentInstance _instance;
    readonly Func<IIncomingRequest, IResponseOutparam, ValueTask>? _handle;
    readonly Func<BrokerMessage, ValueTask<Result<Unit, string>>>? _take;
    ComponentCall? _call;
    GuestRun? _run;

    /// <exception cref="FaultException">It imports what it was not granted, or exports no way to call it.</exception>
    /// <exception cref="Trap">Its start trapped.</exception>
    public ComponentGuest(ComponentRevision revision, GuestRun run)
    {
        var assignment = revision.Assignment;
        (_output, _errors) = (new LogOutput(revision.Log, "info"), new LogOutput(revision.Log, "error"));
        _state = new ComponentState(
            new WasiState
            {
                Stdout = _output,
                Stderr = _errors,
                Time = revision.Host.Time,
                Random = revision.Host.Random,
                Limits = new WasiLimits { Sockets = 0 }, // one that may go nowhere need not take a descriptor
            }, revision);
        (_workload, _monitor) = (assignment.Workload, revision.Monitor);
        _store = new Store(new StoreLimits
        {
            MemoryPages = (uint)assignment.Limits.MemoryMebibytes * PagesPerMebibyte,
            HeapBytes = (long)assignment.Limits.MemoryMebibytes << 20,
            TableElements = ActorLimits.TableElements,
            StackBytes = ActorLimits.GuestStackBytes,
        })
        {
            Continuing = next => _call!.GoOn(next),
            Blocking = Block,
        };
        try
        {
            GoOn(run);
            _instance = revision.Linker.Instantiate(_store, revision.Code.Component, _state);
            _pages = _store.MemoryPages;
            _handle = _instance.TryGetInstance(Handler, out var handler)
                ? handler.GetFunction<Func<IIncomingRequest, IResponseOutparam, ValueTask>>("handle")
                : null;
            _take = _instance.TryGetInstance(MessageHandler, out var taker)
                ? taker.GetFunction<Func<BrokerMessage, ValueTask<Result<Unit, string>>>>("handle-message")
                : null;
            if (_handle is null && _take is null)
                throw Lacks("neither wasi:http/incoming-handler nor wasmcloud:messaging/handler");
        }
        catch (Exception error)
        {
            Dispose();
            if (error is LinkException)
                throw new FaultException(new Fault.Refused($"Component {assignment.Workload} cannot start: {error.Message}"), error);
            if (error is InsufficientMemoryException)
                throw new FaultException(new Fault.Exhausted(
                    $"This node has no memory left for another instance of {assignment.Workload}; stop something or lower its instances."), error);
            throw;
        }
    }

    public long IdleSince { get; set; }

    public long Growth => (_store.MemoryPages - _pages) * BytesPerPage;

    /// <summary>What it holds of HTTP.</summary>
    public HttpHoldings Holdings => _state.Http.Holdings;

    /// <summary>Ends what the guest waits for. It is of no use afterwards.</summary>
    public CancellationToken Stop => _state.Wasi.Stop;

    /// <summary>It waits for nothing but a clock, which is its own doing.</summary>
    public bool IsAsleep => _state.IsAsleep;

    /// <summary>A call begins on the thread of <paramref name="run"/>. Followed by <see cref="End"/>.</summary>
    public void Begin(ComponentCall call, GuestRun run)
    {
        (_call, _state.Time) = (call, call.Time);
        GoOn(run);
    }

    /// <summary>The call goes on on the thread of <paramref name="run"/>.</summary>
    public void GoOn(GuestRun run)
    {
        _run = run;
        run.Attach(_store);
    }

    /// <summary>The call is over.</summary>
    public void End()
    {
        _output.Say();
        _errors.Say();
        (_call, _run, _state.Time) = (null, null, null);
    }

    /// <summary>Hands a request to the guest. After an exception the instance must not be used again.</summary>
    public ValueTask HandleAsync(IncomingRequest request, ResponseOutparam response) =>
        (_handle ?? throw Lacks("no wasi:http/incoming-handler"))(request, response);

    /// <summary>Hands a message to the guest. After an exception the instance must not be used again.</summary>
    public ValueTask<Result<Unit, string>> TakeAsync(Contracts.BrokerMessage message) =>
        (_take ?? throw Lacks("no wasmcloud:messaging/handler"))(new BrokerMessage(message.Subject, message.Body, message.ReplyTo));

    /// <summary>Ends the guest's waits from another thread, because nobody wants its answer any more.</summary>
    public void StopWaiting() => _state.Wasi.StopWaiting();

    public void Dispose()
    {
        _instance?.Dispose();
        _state.Dispose();
        _store.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    FaultException Lacks(string exports) => new(new Fault.Invalid("exports",
        $"Component {_workload} exports {exports}, so it cannot be asked for that; `allot wit` shows what it exports."));

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
            task.WaitAsync(limit, _state.Wasi.Time, run.Cancellation).GetAwaiter().GetResult();
        }
        finally
        {
            _call?.Time.GoOn();
            run.EndWait();
        }
    }
}
