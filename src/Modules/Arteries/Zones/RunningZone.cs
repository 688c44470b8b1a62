using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Microsoft.Extensions.Logging;

namespace Allotrope.Arteries;

/// <summary>A zone's core with its arteries to the outside: dials the services that listen, and judges who dials in.</summary>
sealed class RunningZone : IAsyncDisposable
{
    /// <summary>A connection that is not there within it is tried again at the next beat.</summary>
    static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    readonly Func<IReadOnlyList<ArteryKey>> _keys;
    readonly TimeProvider _time;
    readonly IRandom _random;
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _gate = new();
    readonly HashSet<Task> _dials = [];
    int _turn;

    /// <param name="keys">The zone's keys, asked at each handshake, the newest first.</param>
    public RunningZone(
        ZoneManifest manifest, Func<IReadOnlyList<ArteryKey>> keys, ZoneEvents events, ZoneLimits limits, TimeProvider time, IRandom random,
        ILogger log)
    {
        (_keys, _time, _random) = (keys, time, random);
        Core = new ZoneCore(manifest, ArteryTime.Now(time), events with { Dial = Dial }, limits, time, log);
    }

    public ZoneCore Core { get; }

    /// <summary>Judges who says HELLO to this zone. What it answers is worth nothing to who cannot prove the key.</summary>
    /// <param name="requireSealed">The wire has no TLS and leaves the machine.</param>
    public HandshakeAnswer? Judge(Hello hello, bool requireSealed)
    {
        if (hello.Role != ArteryRole.Service || hello.Zone != Core.Manifest.Zone || Core.Find(hello.Service) is not { } service)
            return null;
        return new HandshakeAnswer
        {
            Role = ArteryRole.Core,
            Keys = _keys(),
            Epoch = Core.Epoch,
            RequireSealed = requireSealed,
            Receiver = new LinkArtery(Core, service, hello.User),
            Options = LinkArtery.OptionsOf(service),
        };
    }

    /// <summary>The member that a peer of the original JSON is, if the manifest lets it speak that.</summary>
    /// <param name="service">
    /// As the peer names itself; <see langword="null"/> when it does not, which is enough if there is one such service only.
    /// </param>
    public Member? FindLegacy(string? service)
    {
        var legacy = Core.Manifest.Services
            .Where(each => each.Legacy && (service is null ? each.Host is null : each.Name == service))
            .Take(2).ToList();
        return legacy is [var only] ? Core.Find(only.Name) : null;
    }

    public async ValueTask DisposeAsync()
    {
        Core.Dispose();
        await _stopping.CancelAsync();
        Task[] dials;
        lock (_gate)
            dials = [.. _dials];
        await Task.WhenAll(dials);
        _stopping.Dispose();
    }

    void Dial(Member member)
    {
        var dial = DialAsync(member);
        lock (_gate)
            _dials.Add(dial);
        // Removes itself in the end, which may have been before it was added
        _ = dial.ContinueWith(
            done =>
            {
                lock (_gate)
                    _dials.Remove(done);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    async Task DialAsync(Member member)
    {
        await Task.Yield(); // never on the core's flow, which holds its lock
        string? problem = null;
        try
        {
            if (member.Reopen is { } reopen)
            {
                await reopen();
                Core.DialEnded(member, null);
                return;
            }
            if (member.Manifest.Legacy)
                await TalkLegacyAsync(member, (await ConnectAsync(member)).Transport);
            else
                await ProveAsync(member);
        }
        catch (Exception error) when (
            error is WebSocketException or ArteryException or FaultException or SocketException or HttpRequestException or IOException)
        {
            problem = $"{member.Manifest.Host}:{member.Manifest.Port} cannot be reached as {member.Name}: {error.GetBaseException().Message}";
        }
        catch (OperationCanceledException)
        {
            problem = $"{member.Manifest.Host}:{member.Manifest.Port} did not answer within {ConnectTime.TotalSeconds} s.";
        }
        catch (Exception error)
        {
            problem = $"{member.Name} cannot be dialled: {error.Message}"; // whatever it was, the next beat tries again
        }
        Core.DialEnded(member, problem);
    }

    /// <returns>The wire, and whether nobody but the service can read what goes over it.</returns>
    async Task<(WebSocketTransport Transport, bool IsPrivate)> ConnectAsync(Member member)
    {
        var isTrusted = member.Manifest.Tls;
        var socket = new ClientWebSocket();
        try
        {
            using var slow = new CancellationTokenSource(ConnectTime, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, _stopping.Token);
            if (!member.Manifest.Legacy)
                socket.Options.AddSubProtocol(WebSocketTransport.Subprotocol);
            socket.Options.Proxy = null;
            socket.Options.KeepAliveInterval = TimeSpan.Zero; // heartbeats do that, and better
            // The key proves who is there, which services' own certificates do not; what those cannot keep from others is sealed
            socket.Options.RemoteCertificateValidationCallback = (_, _, _, errors) => (isTrusted &= errors == SslPolicyErrors.None) || true;
            await socket.ConnectAsync(new UriBuilder(member.Manifest.Tls ? "wss" : "ws", member.Manifest.Host!, member.Manifest.Port, WebSocketTransport.Path).Uri, either.Token);
            var messages = member.Manifest.Legacy ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
            return (new WebSocketTransport(socket, messages), isTrusted || IsLoopback(member.Manifest.Host!));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    async Task TalkLegacyAsync(Member member, WebSocketTransport transport)
    {
        using var artery = new LegacyArtery(Core, member, transport, _time);
        await artery.RunAsync(_stopping.Token);
    }

    async Task ProveAsync(Member member)
    {
        // During a rotation a service may hold either key; as it cannot be asked which, the dials take turns
        var keys = _keys(); // may fail, so before there is a connection to be left open
        var (transport, isPrivate) = await ConnectAsync(member);
        var offer = new HandshakeOffer
        {
            Role = ArteryRole.Core,
            Zone = Core.Manifest.Zone,
            Service = member.Name,
            Key = keys[Interlocked.Increment(ref _turn) % keys.Count],
            Epoch = Core.Epoch,
            Sealed = !isPrivate,
        };
        var link = await ArteryLink.DialAsync(
            transport, offer, new LinkArtery(Core, member, user: null), LinkArtery.OptionsOf(member), _time, _random, _stopping.Token);
        Core.DialEnded(member, null);
        await link.Completion;
    }

    static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
