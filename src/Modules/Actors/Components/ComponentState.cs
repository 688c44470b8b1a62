using System.Diagnostics.CodeAnalysis;
using Allotrope.Wasi;
using Allotrope.Wasi.Clocks;
using Allotrope.Wasi.Config;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Io;
using Allotrope.Wasi.Logging;
using Allotrope.Wasi.Random;

namespace Allotrope.Actors;

/// <summary>What the host's functions know of the instance that calls them.</summary>
sealed class ComponentState(WasiState wasi, ComponentRevision revision) : IDisposable
{
    public WasiState Wasi => wasi;

    public MonotonicClock Monotonic { get; } = new(wasi.Time, wasi.Stop);

    public WallClock Wall { get; } = new(wasi.Time);

    public RandomSource Random { get; } = new(wasi.Random, wasi.InsecureRandom, wasi.Limits.RandomBytes);

    public ConfiguredValues Config { get; } = new(revision.Assignment.Config);

    public BoundedLogging Logging { get; } = new((level, context, message) =>
    {
        if (revision.Log.Admit())
            revision.Log.Write(LevelOf(level), context.Length == 0 ? message : $"{context}: {message}");
    });

    public HttpTypes Http { get; } = new(() => new StreamSink(new()), () => new StreamSink(new()), wasi.Stop);

    /// <summary>What it may ask of others.</summary>
    public IOutgoingHandler Requests { get; } = NoRequests.Instance;

    public Polling Polling { get; } = new(wasi.Limits.Pollables, wasi.Stop);

    /// <summary>The watch over the thread that the instance runs on.</summary>
    public GuestRun? Run { get; set; }

    /// <summary>The guest has moved a body on, which is what it is here for: its time begins anew.</summary>
    public void Progress() => Run?.Renew(revision.CallTime);

    /// <summary>
    /// Waits for what a host function waits for, with another guest in this one's place. What a guest waits for is mostly a client, so that its own time
    /// stands still.
    /// </summary>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "the guest's call is synchronous: its thread waits, and another takes its place")]
    public T Wait<T>(ValueTask<T> pending)
    {
        if (pending.IsCompleted || Run is not { } run)
            return pending.AsTask().GetAwaiter().GetResult();
        run.BeginPatientWait();
        try
        {
            return pending.AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            run.EndWait();
        }
    }

    /// <inheritdoc cref="Wait{T}"/>
    public void Wait(ValueTask pending) => Wait(WithResultAsync(pending));

    public void Dispose() => wasi.Dispose();

    /// <summary>The words that the logs of a node have for levels.</summary>
    static string LevelOf(Level level) => level switch
    {
        Level.Trace or Level.Debug => "debug",
        Level.Info => "info",
        Level.Warn => "warn",
        _ => "error",
    };

    static async ValueTask<bool> WithResultAsync(ValueTask pending)
    {
        await pending;
        return true;
    }
}
