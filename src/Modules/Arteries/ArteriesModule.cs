using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Allotrope.Arteries;

/// <summary>
/// The module that runs the cores of the zones assigned to its node, and one listener for all of them. Answers <c>zone.status</c>, <c>intent.send</c>
/// and <c>zone.key.put</c>, and publishes <c>intent.tail.{zone}</c>.
/// </summary>
public sealed class ArteriesModule : IAsyncDisposable
{
    const long Mebibyte = 1024 * 1024;

    readonly ILattice _lattice;
    readonly string _node;
    readonly ArteriesOptions _options;
    readonly ZoneSecrets _secrets;
    readonly TimeProvider _time;
    readonly IRandom _random;
    readonly ILoggerFactory _loggers;
    readonly ILogger _log;
    readonly ZoneDirectory _zones = new();
    readonly ConcurrentDictionary<string, ZoneWorkload> _workloads = [];
    readonly SemaphoreSlim _listening = new(1, 1);
    readonly List<IAsyncDisposable> _served = [];
    readonly List<ArteryWire> _within = [];
    readonly Channel<Func<Task>> _errands = Channel.CreateUnbounded<Func<Task>>(); // of the cores, which cannot wait: bounded by their beats
    readonly Task _running;
    ArteryListener? _listener;
    AssignmentWatch? _assignments;

    ArteriesModule(
        ILattice lattice, string node, ArteriesOptions options, ZoneSecrets secrets, TimeProvider time, IRandom random, ILoggerFactory loggers)
    {
        (_lattice, _node, _options, _secrets, _time, _random, _loggers) = (lattice, node, options, secrets, time, random, loggers);
        _log = loggers.CreateLogger("Allotrope.Arteries");
        _running = RunErrandsAsync();
    }

    /// <summary>Where the listener is, once the first zone runs.</summary>
    public Uri? Address => _listener?.Address;

    /// <summary>
    /// A wire within this process, for a service of a zone that runs in it: the service dials on it as on any other, and it costs no socket.
    /// </summary>
    public IArteryTransport Connect()
    {
        var (near, far) = MemoryTransport.CreatePair();
        var wire = ArteryWire.Accept(far, hello => _zones.Find(hello.Zone)?.Judge(hello, requireSealed: false), _time, _random);
        lock (_within)
        {
            _within.RemoveAll(before => before.Completion.IsCompleted);
            _within.Add(wire);
        }
        return near;
    }

    string? ArteryAddress => Address is { } address
        ? new UriBuilder(address) { Scheme = address.Scheme == "https" ? "wss" : "ws", Path = WebSocketTransport.Path }.Uri.ToString()
        : null;

    /// <summary>
    /// Begins to follow the assignments of <paramref name="node"/>. Zones start after it returns; the port is opened with the first.
    /// </summary>
    public static async Task<ArteriesModule> StartAsync(
        ILattice lattice, string node, ArteriesOptions options, ZoneSecrets secrets, TimeProvider time, IRandom random,
        ILoggerFactory? loggers = null, CancellationToken cancellation = default)
    {
        var module = new ArteriesModule(lattice, node, options, secrets, time, random, loggers ?? NullLoggerFactory.Instance);
        module._served.Add(await lattice.ServeAsync(Subjects.ZoneStatus, module.StatusAsync, cancellation: cancellation));
        module._served.Add(await lattice.ServeAsync(Subjects.IntentSend, module.SendAsync, cancellation: cancellation));
        module._served.Add(await lattice.ServeAsync(Subjects.ZoneKeyPut, module.PutKeyAsync, cancellation: cancellation));
        var handlers = new WorkloadHandlers(IsZone, module.ConvergeAsync, module.StopAsync);
        module._assignments = await AssignmentWatch.StartAsync(lattice, node, handlers, cancellation);
        return module;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var served in _served)
            await served.DisposeAsync();
        if (_assignments is not null)
            await _assignments.DisposeAsync();
        foreach (var workload in _workloads.Keys)
            await StopAsync(workload);
        ArteryWire[] within;
        lock (_within)
            within = [.. _within];
        foreach (var wire in within)
            await wire.CloseAsync(CloseCode.Leaving, "The node is stopping.");
        if (_listener is not null)
            await _listener.DisposeAsync();
        _errands.Writer.Complete();
        await _running;
        _listening.Dispose();
    }

    static bool IsZone(Assignment assignment) => assignment is { Kind: ComponentKind.Zone, Zone: not null };

    async Task<WorkloadStatus> ConvergeAsync(Assignment assignment, CancellationToken cancellation)
    {
        if (_workloads.TryGetValue(assignment.Workload, out var present) && present.CanBecome(assignment)
            && present.Zone.Core.Status().Core != "stopped")
        {
            await present.LinkAsync(assignment);
            return StatusOf(assignment, WorkloadState.Running, $"Zone {assignment.Zone!.Zone} runs.");
        }
        await StopAsync(assignment.Workload);
        _secrets.Read(assignment.Zone!.Key); // a zone without a key would only refuse
        await ListenAsync(cancellation);
        var workload = await ZoneWorkload.StartAsync(
            _lattice, assignment, events => Start(assignment, events), EventsOf(assignment), ArchiveOf(assignment.Zone!), _time, cancellation);
        _workloads[assignment.Workload] = workload;
        return StatusOf(assignment, WorkloadState.Running, $"Zone {assignment.Zone.Zone} runs; its core listens at {_listener!.Address}.");
    }

    async Task StopAsync(string workload)
    {
        if (!_workloads.TryRemove(workload, out var running))
            return;
        _zones.Remove(running.Zone);
        await running.DisposeAsync();
    }

    RunningZone Start(Assignment assignment, ZoneEvents events)
    {
        var manifest = assignment.Zone!;
        if (_zones.Find(manifest.Zone) is not null)
            throw new FaultException(new Fault.Conflict(
                $"A zone {manifest.Zone} runs on this node already: take it down, or give this one another name."));
        var zone = new RunningZone(manifest, () => KeysOf(manifest), events, _options.Limits, _time, _random, _log);
        _zones.Add(zone);
        return zone;
    }

    IntentArchive? ArchiveOf(ZoneManifest manifest) => manifest.Archive > 0 && _options.Archive is { } folder
        ? new IntentArchive(manifest.Zone, Path.Combine(folder, manifest.Zone), manifest.Archive * Mebibyte, _log)
        : null;

    ArteryKey[] KeysOf(ZoneManifest manifest) => [.. _secrets.Read(manifest.Key).Select(secret => ArteryKey.OfZone(secret, manifest.Zone))];

    ZoneEvents EventsOf(Assignment assignment) => new(
        Dial: _ => { },
        Restart: service => _errands.Writer.TryWrite(() => RestartAsync(assignment.Zone!.Zone, service)),
        Stopped: why => _errands.Writer.TryWrite(() => _assignments!.ReportAsync(StatusOf(assignment, WorkloadState.Failed, why))));

    async Task ListenAsync(CancellationToken cancellation)
    {
        await _listening.WaitAsync(cancellation);
        try
        {
            _listener ??= await ArteryListener.OpenAsync(_options, _zones, _time, _random, _loggers, cancellation);
        }
        finally
        {
            _listening.Release();
        }
    }

    async Task RunErrandsAsync()
    {
        await foreach (var errand in _errands.Reader.ReadAllAsync())
            try
            {
                await errand();
            }
            catch (Exception error) when (error is FaultException or ObjectDisposedException)
            {
                CoreLog.ErrandFailed(_log, error.Message);
            }
    }

    async Task RestartAsync(string zone, string service)
    {
        string? problem = null;
        try
        {
            await _lattice.RequestAsync(
                new Message(Subjects.ServiceRestart(zone), Payload.Of(new NameRequest(service), ContractsJson.Default.NameRequest)));
        }
        catch (FaultException error)
        {
            problem = error.Fault.Message;
        }
        _zones.Find(zone)?.Core.RestartEnded(service, problem);
    }

    ValueTask<Message> StatusAsync(Message request, CancellationToken cancellation)
    {
        var list = new ZoneStatusList([.. _zones.All.Select(zone => zone.Core.Status() with
        {
            Address = ArteryAddress,
            Refused = _listener?.Refusals.Count ?? 0,
            LastRefused = _listener?.Refusals.Last,
        })]);
        return ValueTask.FromResult(new Message("", Payload.Of(list, ContractsJson.Default.ZoneStatusList)));
    }

    ValueTask<Message> SendAsync(Message request, CancellationToken cancellation)
    {
        var intent = request.Payload.As(ContractsJson.Default.IntentRecord);
        if (_zones.Find(intent.Zone) is not { } zone)
            throw new FaultException(new Fault.NotFound($"No zone {intent.Zone} runs on this node: `allot zone status` names those that do."));
        if (!IntentName.IsValid(intent.Name) || IntentName.IsReserved(intent.Name))
            throw new FaultException(new Fault.Invalid(
                "name", $"'{intent.Name}' is no intent's name, or only the core may say it: use {IntentPatterns.Rule}."));
        try
        {
            var data = PrimitiveJson.ToCbor(Encoding.UTF8.GetBytes(intent.Data));
            if (data.Length > ArteryLimits.IntentBytes)
                throw new FaultException(new Fault.Invalid(
                    "data", $"The intent's data has {data.Length} bytes; at most {ArteryLimits.IntentBytes} are carried."));
            zone.Core.Say(intent.Name, data);
        }
        catch (JsonException error)
        {
            throw new FaultException(new Fault.Invalid("data", $"The intent's data is no JSON: {error.Message}"), error);
        }
        return ValueTask.FromResult(new Message(""));
    }

    ValueTask<Message> PutKeyAsync(Message request, CancellationToken cancellation)
    {
        var key = request.Payload.As(ContractsJson.Default.ZoneKey);
        _secrets.Put(key.Name, key.Key.Span);
        return ValueTask.FromResult(new Message(""));
    }

    WorkloadStatus StatusOf(Assignment assignment, WorkloadState state, string message) => new(
        _node, assignment.Workload, assignment.Component, assignment.Revision, state, state == WorkloadState.Running ? 1 : 0, message, Urls: []);
}
