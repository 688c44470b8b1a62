using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasi;
using Allotrope.Wasi.Http;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>One instance of a component: its memories and what it has of the host.</summary>
sealed class ComponentGuest : IPooledInstance
{
    /// <summary>What HTTP requests are given to; any version of the interface that is compatible.</summary>
    const string Handler = "wasi:http/incoming-handler@0.2.0";

    const uint PagesPerMebibyte = 16;

    readonly LogOutput _output, _errors;
    readonly ComponentState _state;
    readonly Store _store;
    readonly ComponentInstance _instance;
    readonly Action<IIncomingRequest, IResponseOutparam> _handle;

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
        _store = new Store(new StoreLimits
        {
            MemoryPages = (uint)assignment.Limits.MemoryMebibytes * PagesPerMebibyte,
            HeapBytes = (long)assignment.Limits.MemoryMebibytes << 20,
            TableElements = ActorLimits.TableElements,
            StackBytes = ActorLimits.GuestStackBytes,
        });
        try
        {
            Begin(run);
            _instance = revision.Linker.Instantiate(_store, revision.Code.Component, _state);
            _handle = _instance.TryGetInstance(Handler, out var handler)
                ? handler.GetFunction<Action<IIncomingRequest, IResponseOutparam>>("handle")
                : throw new FaultException(new Fault.Invalid("exports",
                    $"Component {assignment.Workload} exports no wasi:http/incoming-handler, so nothing can be asked of it; `allot wit` shows what it exports."));
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

    /// <summary>Not looked at yet: a component's memories are its own.</summary>
    public long Growth => 0;

    /// <summary>What it holds of HTTP.</summary>
    public HttpHoldings Holdings => _state.Http.Holdings;

    /// <summary>Ends what the guest waits for. It is of no use afterwards.</summary>
    public CancellationToken Stop => _state.Wasi.Stop;

    /// <summary>Hands a request to the guest. After an exception the instance must not be used again.</summary>
    public void Handle(IncomingRequest request, ResponseOutparam response, GuestRun run)
    {
        Begin(run);
        try
        {
            _handle(request, response);
        }
        finally
        {
            _output.Say();
            _errors.Say();
            _state.Run = null;
        }
    }

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

    void Begin(GuestRun run)
    {
        _state.Run = run;
        run.Attach(_store);
    }
}
