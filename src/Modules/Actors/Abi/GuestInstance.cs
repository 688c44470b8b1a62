using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// One instance of an actor: its memory, and the state of the call it is in. Answers the guest's side of the wasmbus protocol:
/// <code>
///   host                                   guest
///   Call ── __guest_call(op, payload) ──►
///        ◄─ __guest_request ────────────   asks for both to be written into its memory
///        ◄─ __host_call ────────────────   any number of times, each followed by __host_response or __host_error
///        ◄─ __guest_response ───────────   or __guest_error
///        ◄─ 1 or 0 ─────────────────────
/// </code>
/// Source: the wasmbus and waPC protocol descriptions.
/// </summary>
sealed class GuestInstance : IPooledInstance
{
    const string MemoryName = "memory";
    const string CallName = "__guest_call";
    const uint PagesPerMebibyte = 16;

    static readonly FunctionType CallType = FunctionType.Of([ValueKind.I32, ValueKind.I32], [ValueKind.I32]);
    static readonly FunctionType StartType = FunctionType.Of([], []);

    /// <summary>What toolchains call the code that runs once before anything else, in this order.</summary>
    static readonly string[] StartNames = ["_start", "wapc_init"];

    static readonly InvocationResult Empty = new(ReadOnlyMemory<byte>.Empty);

    readonly ActorRevision _revision;
    readonly GuestHost _host;
    readonly GuestNames _names = new();
    readonly Store _store;
    readonly CallRecording? _recording;
    Memory? _memory;
    Func<int, int, int>? _call;
    long _initialBytes;

    GuestRun? _run;
    string _operationText = "";
    byte[] _operation = [];
    ReadOnlyMemory<byte> _request;
    ReadOnlyMemory<byte> _hostResponse, _hostError;
    byte[]? _response;
    string? _error;
    long _hostCallBytes;

    GuestInstance(ActorRevision revision, GuestHost host)
    {
        (_revision, _host) = (revision, host);
        _recording = revision.Assignment.RecordsTraps && host.Records is { } folder ? new CallRecording(revision, folder) : null;
        _store = new Store(new StoreLimits
        {
            MemoryPages = (uint)revision.Assignment.Limits.MemoryMebibytes * PagesPerMebibyte,
            HeapBytes = (long)revision.Assignment.Limits.MemoryMebibytes << 20,
            TableElements = ActorLimits.TableElements,
            StackBytes = ActorLimits.GuestStackBytes,
        });
    }

    /// <summary>When it was last returned to its pool, on the monitor's clock.</summary>
    public long IdleSince { get; set; }

    public long Weight => (long)_memory!.ByteLength;

    /// <summary>Bytes its memory has grown by since it was made.</summary>
    public long Growth => (long)_memory!.ByteLength - _initialBytes;

    /// <summary>Where its stacks are noted, if they are.</summary>
    public GuestProfile? Profile => _revision.Profile;

    /// <summary>What the guest said was wrong, if it did: some report an error and then trap.</summary>
    public string? Complaint => _error;

    /// <summary>Makes an instance and lets it start. <paramref name="run"/> has begun and watches it.</summary>
    /// <exception cref="FaultException">It imports what no host offers, exports no way to call it, or does not fit its limits.</exception>
    /// <exception cref="Trap">Its start trapped.</exception>
    public static GuestInstance Create(ActorRevision revision, GuestHost host, GuestRun run)
    {
        var guest = new GuestInstance(revision, host);
        try
        {
            guest.Begin(run);
            guest.Start(guest._recording is { } recording
                ? HostFunctions.Linker.Instantiate(guest._store, revision.Code.Module, recording.Recorder)
                : HostFunctions.Linker.Instantiate(guest._store, revision.Code.Module));
            return guest;
        }
        catch (LinkException error)
        {
            guest.Dispose();
            throw new FaultException(new Fault.Invalid("imports", $"Actor {revision.Assignment.Workload} cannot start: {error.Message}"), error);
        }
        catch (InsufficientMemoryException error)
        {
            guest.Dispose();
            throw new FaultException(new Fault.Exhausted(
                $"This node has no memory left for another instance of {revision.Assignment.Workload}; stop something or lower its instances."), error);
        }
        catch
        {
            guest.Dispose();
            throw;
        }
    }

    /// <summary>Calls the guest. After an exception the instance must not be used again.</summary>
    public InvocationResult Call(Invocation invocation, GuestRun run)
    {
        Begin(run);
        if (!ReferenceEquals(_operationText, invocation.Operation))
            (_operationText, _operation) = (invocation.Operation, Encoding.UTF8.GetBytes(invocation.Operation));
        _request = invocation.Body;
        _recording?.Begin();
        var succeeded = _call!(_operation.Length, _request.Length) == 1;
        var result = succeeded
            ? _response is null ? Empty : new InvocationResult(_response)
            : new InvocationResult(ReadOnlyMemory<byte>.Empty, _error ?? $"Actor {_revision.Assignment.Workload} failed and did not say why.");
        Forget();
        _recording?.Discard();
        return result;
    }

    /// <summary>Keeps the record of the call that was left by an exception, if its blueprint asks for it; gives the file's path.</summary>
    public string? KeepRecord(string operation) => _recording?.Keep(operation);

    public void Dispose() => _store.Dispose();

    /// <summary>Finds the memory at the first occasion, which for a start section that calls its host is before the instance is there.</summary>
    public void UseMemoryOf(Instance instance) =>
        _memory ??= instance.Module.Exports.Any(export => export is { Name: MemoryName, Type: ExternType.Memory })
            ? instance.GetMemory(MemoryName)
            : throw Missing(MemoryName);

    /// <summary>__guest_request: writes the operation and its argument where the guest has made room for them.</summary>
    public void WriteRequest(int operation, int payload)
    {
        _operation.CopyTo(Bytes(operation, _operation.Length));
        _request.Span.CopyTo(Bytes(payload, _request.Length));
    }

    /// <summary>__guest_response.</summary>
    public void TakeResponse(int start, int length)
    {
        if ((uint)length > ActorLimits.ResponseBytes)
            throw new FaultException(new Fault.Exhausted(
                $"Actor {_revision.Assignment.Workload} answered {_operationText} with {(uint)length} bytes; at most {ActorLimits.ResponseBytes} are taken."));
        CountCopy(length);
        _response = Bytes(start, length).ToArray();
    }

    /// <summary>__guest_error.</summary>
    public void TakeError(int start, int length) => _error = Text(start, length);

    /// <summary>__console_log: a line of the actor's log.</summary>
    public void Log(int start, int length)
    {
        if (_revision.Log.Admit())
            _revision.Log.Write("info", Text(start, length));
    }

    /// <summary>__host_call: 1 when the answer is there to be fetched, 0 when an error text is.</summary>
    /// <exception cref="FaultException">The guest has handed over too much; it is stopped.</exception>
    public int CallHost(ReadOnlySpan<byte> link, ReadOnlySpan<byte> contract, ReadOnlySpan<byte> operation, ReadOnlySpan<byte> payload)
    {
        (_hostResponse, _hostError) = (default, default);
        CountCopy(payload.Length);
        if (AnswerCall(link, contract, operation, payload) is not { } error)
            return 1;
        _hostError = Encoding.UTF8.GetBytes(error);
        return 0;
    }

    public int HostResponseLength => _hostResponse.Length;

    public int HostErrorLength => _hostError.Length;

    public void WriteHostResponse(int start) => _hostResponse.Span.CopyTo(Bytes(start, _hostResponse.Length));

    public void WriteHostError(int start) => _hostError.Span.CopyTo(Bytes(start, _hostError.Length));

    /// <summary>Part of the guest's memory. Not kept: the guest may move it by growing.</summary>
    /// <exception cref="Trap">It does not lie within the memory.</exception>
    public Span<byte> Bytes(int start, int length) => _memory!.Slice((uint)start, length);

    /// <summary>Leaves the answer to be fetched, or returns an error text.</summary>
    string? AnswerCall(ReadOnlySpan<byte> link, ReadOnlySpan<byte> contract, ReadOnlySpan<byte> operation, ReadOnlySpan<byte> payload)
    {
        if (Math.Max(link.Length, Math.Max(contract.Length, operation.Length)) > ActorLimits.NameBytes)
            return $"a name in this call is longer than {ActorLimits.NameBytes} bytes";
        if (payload.Length > ActorLimits.HostCallBytes)
            return $"the request has {payload.Length} bytes; at most {ActorLimits.HostCallBytes} are passed on";

        var (linkName, contractName, operationName) = (_names.Of(link), _names.Of(contract), _names.Of(operation));
        var subject = GuestHost.Route(_revision, contractName, linkName, out var error);
        if (error is not null)
            return error;
        try
        {
            var answer = subject is null
                ? new InvocationResult(_host.AnswerBuiltin(_revision, contractName, operationName, payload))
                : _host.Request(
                    subject, new Invocation(_revision.Assignment.Workload, contractName, linkName, operationName, payload.ToArray()), _run!);
            _hostResponse = answer.Body;
            return answer.Error;
        }
        catch (FaultException fault)
        {
            return fault.Message;
        }
    }

    void CountCopy(int bytes)
    {
        _hostCallBytes += bytes;
        if (_hostCallBytes > ActorLimits.HostCallBytesPerCall)
            throw new FaultException(new Fault.Exhausted(
                $"Actor {_revision.Assignment.Workload} handed more than {ActorLimits.HostCallBytesPerCall} bytes to its host within one call."));
    }

    string Text(int start, int length)
    {
        var bytes = Bytes(start, length);
        return bytes.Length <= ActorLimits.TextBytes
            ? Encoding.UTF8.GetString(bytes)
            : Encoding.UTF8.GetString(bytes[..ActorLimits.TextBytes]) + "…";
    }

    void Begin(GuestRun run)
    {
        _run = run;
        run.Attach(this, _store);
        _hostCallBytes = 0;
    }

    void Start(Instance instance)
    {
        UseMemoryOf(instance);
        _initialBytes = (long)_memory!.ByteLength;
        _call = instance.TryGetFunction(CallName, out var call) && call.Type == CallType
            ? call.AsDelegate<Func<int, int, int>>()
            : throw Missing($"{CallName} of type {CallType}");
        foreach (var name in StartNames)
            if (instance.TryGetFunction(name, out var start) && start.Type == StartType)
                start.Invoke([], []);
        Forget();
    }

    FaultException Missing(string what) => new(new Fault.Invalid("exports",
        $"Actor {_revision.Assignment.Workload} exports no {what}, so it cannot be called; build it with a wasmbus or waPC guest library."));

    // What belonged to the call must neither be seen by the next one nor be kept alive until then.
    void Forget()
    {
        (_run, _request, _hostResponse, _hostError) = (null, default, default, default);
        (_response, _error) = (null, null);
    }
}
