using System.Diagnostics.CodeAnalysis;
using Allotrope.Kernel;
using Allotrope.Wasi.Cli;
using Allotrope.Wasi.Clocks;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Io;
using Allotrope.Wasi.Names;
using Allotrope.Wasi.Random;
using Allotrope.Wasi.Sockets;

namespace Allotrope.Wasi;

/// <summary>
/// What one instance was granted, and what it holds of it. Nothing is ambient: what is not said here the guest does not have. Disposing it ends the
/// guest's waits and gives back all it had open.
/// </summary>
[SuppressMessage("Usage", "CA2213", Justification = "a token source without a timer holds nothing, and another thread may end the guest's waits at any time")]
public sealed class WasiState : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    HttpConnections? _connections;
    bool _disposed;

    public WasiState() => Stop = _stop.Token;

    /// <summary>What <c>main</c> gets; the program's own name first.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Where the guest should resolve relative paths: a path within a preopened directory, as the guest names it.</summary>
    public string? InitialDirectory { get; init; }

    /// <summary>The property of whoever made it, as the other two.</summary>
    public InputStream Stdin { get; init; } = new EmptyInput();

    public OutputStream Stdout { get; init; } = new DiscardingOutput();

    public OutputStream Stderr { get; init; } = new DiscardingOutput();

    /// <summary>Which of the three are terminals.</summary>
    public StandardStreams Terminals { get; init; }

    /// <summary>Both clocks.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For keys.</summary>
    public Kernel.IRandom Random { get; init; } = SystemRandom.Instance;

    /// <summary>For hash tables; a <see cref="SeededRandom"/> makes runs repeatable.</summary>
    public Kernel.IRandom InsecureRandom { get; init; } = SystemRandom.Instance;

    /// <summary>Directories of the host.</summary>
    public IReadOnlyList<Preopen> Preopens { get; init; } = [];

    /// <summary>Addresses and names of the network.</summary>
    public NetworkRules Network { get; init; } = NetworkRules.None;

    /// <summary>Told what the guest wanted of the network and was not granted, as often as it wants.</summary>
    public Action<NetworkDenial>? NetworkDenied { get; init; }

    /// <summary>Whom to ask for the addresses of names; those who share one keep only each other waiting.</summary>
    public NameLookups Names { get; init; } = new();

    /// <summary>Hosts that HTTP requests may be sent to.</summary>
    public HttpHosts Hosts { get; init; } = HttpHosts.None;

    /// <summary>Told of requests to others, as often as the guest tries and by any thread.</summary>
    public Action<HttpDenial>? HttpDenied { get; init; }

    public WasiLimits Limits { get; init; } = new();

    /// <summary>Ends when the state is disposed: whatever waits for the guest waits with it.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Waits for the guest, for as long as the state is not disposed.</summary>
    public Polling Polling => field ??= new(Limits.Pollables, Stop);

    // The hosts of the other interfaces, made when first called.

    internal MonotonicClock MonotonicClock => field ??= new(Time, Stop);

    internal WallClock WallClock => field ??= new(Time);

    internal RandomSource RandomSource => field ??= new(Random, InsecureRandom, Limits.RandomBytes);

    internal CommandHost Command => field ??= new(this);

    internal FileTable Files => field ??= new(Limits.Descriptors + Preopens.Count, Time, Stop);

    internal FilesystemHost Filesystem => field ??= new(Files, Preopens);

    internal SocketTable Sockets => field ??= new(Network, Limits.Sockets, Names, NetworkDenied, Stop);

    internal SocketsHost SocketsHost => field ??= new(Sockets);

    internal HttpTypes HttpTypes => field ??= new(() => new RequestBody(), () => new RequestBody(), Stop);

    internal HttpRequests HttpRequests => field ??= new(_connections ??= new(Hosts, Time) { Names = Names }, HttpTypes.Holdings, HttpDenied, Stop);

    /// <summary>Sockets that the guest has open now.</summary>
    public int OpenSockets => Sockets.Open;

    /// <summary>Descriptors of this process that the guest has open now.</summary>
    public int OpenFiles => Files.Open;

    /// <summary>Ends the guest's waits, from any thread and at any time. What it has open stays open, since the guest may be using it just now.</summary>
    public void StopWaiting() => _stop.Cancel();

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _stop.Cancel();
        Files.Dispose();
        Sockets.Dispose();
        _connections?.Dispose();
    }
}
