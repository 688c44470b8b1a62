using Allotrope.Wasi;
using Allotrope.Wasi.Config;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Io;
using Allotrope.Wasi.Logging;

namespace Allotrope.Actors;

/// <summary>What the host's functions know of the instance that calls them.</summary>
/// <param name="wasi">What it has of WASI.</param>
/// <param name="part">The component.</param>
/// <param name="revision">Whose calls it runs in: its own, or that of a component linked to it.</param>
sealed class ComponentState(WasiState wasi, ComponentPart part, ComponentRevision revision) : IDisposable
{
    volatile bool _isAsleep;

    public WasiState Wasi => wasi;

    public ConfiguredValues Config { get; } = new(part.Assignment.Config);

    public BoundedLogging Logging { get; } = new((level, context, message) =>
    {
        if (part.Log.Admit())
            part.Log.Write(LevelOf(level), context.Length == 0 ? message : $"{context}: {message}");
    });

    /// <summary>Moving a body on is what the guest is here for: its time begins anew.</summary>
    public HttpTypes Http => field ??= new(() => new StreamSink(new()), () => new RequestBody(), wasi.Stop)
    {
        Holdings = new HttpHoldings { Moved = () => Time?.Renew(revision.CallTime) },
    };

    /// <summary>Sends its requests, where its blueprint lets it.</summary>
    public IOutgoingHandler Requests => field ??= new HttpRequests(part.Connections, Http.Holdings, part.TellDenied, wasi.Stop);

    /// <summary>Where it keeps data, if it was linked to a provider that does.</summary>
    public LinkedStores Stores => field ??= new(revision.Host.Lattice, part.Assignment, wasi.Stop);

    /// <summary>Where it keeps objects, if it was linked to a provider that does.</summary>
    public LinkedBlobs Blobs => field ??= new(revision.Host.Lattice, part.Assignment, part.TellFailed, wasi.Stop);

    /// <summary>Whom it sends messages by <c>wasmcloud:messaging</c>, if it was linked to a provider that carries them.</summary>
    public LinkedMessages Messages => field ??= new(Subjects, part.Assignment);

    /// <summary>And by <c>wasi:messaging</c>.</summary>
    public LinkedTopics WasiMessages => field ??= new(Subjects, part.Assignment);

    /// <summary>That of the call that the instance is in.</summary>
    public TimeBudget? Time { get; set; }

    /// <summary>The guest waits for nothing but a clock or itself.</summary>
    public bool IsAsleep => _isAsleep;

    /// <summary>
    /// Waits until one is ready. What guests wait for is mostly a client, so that their time stands still, but sleeping is their own doing, as is
    /// waiting for room in a body that they have not sent: time goes on, and ends it.
    /// </summary>
    /// <exception cref="TimeoutException">There is no time left to sleep.</exception>
    public ValueTask<uint[]> PollAsync(IPollable[] pollables)
    {
        var ready = wasi.Polling.Poll(pollables);
        return ready.IsCompleted || !Array.TrueForAll(pollables, each => each is Pollable { IsOwn: true }) ? ready : SleepAsync(ready);
    }

    ProviderSubjects Subjects => field ??= new(revision.Host, wasi.Stop);

    public void Dispose() => wasi.Dispose();

    /// <summary>The words that the logs of a node have for levels.</summary>
    static string LevelOf(Level level) => level switch
    {
        Level.Trace or Level.Debug => "debug",
        Level.Info => "info",
        Level.Warn => "warn",
        _ => "error",
    };

    async ValueTask<uint[]> SleepAsync(ValueTask<uint[]> pending)
    {
        if (Time is not { } time)
            return await pending;
        _isAsleep = true;
        try
        {
            return await pending.AsTask().WaitAsync(time.Left, wasi.Time);
        }
        finally
        {
            _isAsleep = false;
        }
    }
}
