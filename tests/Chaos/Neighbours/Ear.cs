using System.Diagnostics;
using System.Net.WebSockets;
using Allotrope.Artery;
using Allotrope.Chaos.Zones;
using Allotrope.Kernel;

namespace Allotrope.Chaos.Neighbours;

/// <summary>A service without any client library between it and the clock: it answers beats and notes when an intent came.</summary>
sealed class Ear(string name, Uri core) : ILinkReceiver, IAsyncDisposable
{
    /// <summary>Intents that may wait for the core.</summary>
    public const int Queue = 16 * 1024;

    readonly Origin _origin = new(name, ArteryTime.Now(TimeProvider.System));
    readonly TaskCompletionSource _beat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    ArteryLink? _link;
    long _said;

    public string Name => name;

    /// <summary>Calls back for each intent, by the reading loop.</summary>
    public Action<long>? Heard { get; set; }

    public bool IsOpen => _link is { Completion.IsCompleted: false };

    public async Task ConnectAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(WebSocketTransport.Subprotocol);
        await socket.ConnectAsync(core, CancellationToken.None);
        var offer = new HandshakeOffer
        {
            Role = ArteryRole.Service,
            Zone = Lane.Zone,
            Service = name,
            Key = ChaosCore.KeyOf(Lane.Zone),
            Epoch = _origin.Epoch,
            Sealed = false,
        };
        _link = await ArteryLink.DialAsync(
            new WebSocketTransport(socket), offer, this, new LinkOptions { Queue = Queue }, TimeProvider.System, SystemRandom.Instance, CancellationToken.None);
        await _beat.Task.WaitAsync(TimeSpan.FromSeconds(20)); // the core has let it in: before that nothing is sent to it
    }

    /// <returns>When it was said.</returns>
    public long Say(ReadOnlySpan<byte> data)
    {
        var now = Stopwatch.GetTimestamp();
        Assert.True(_link!.TrySend(new Intent("TICK", _origin, ++_said, ArteryTime.Now(TimeProvider.System), data)));
        return now;
    }

    public long Said => _said;

    public void OnIntents(ArteryLink link, ref IntentBatchReader batch)
    {
        while (batch.TryRead(out var intent))
            Heard?.Invoke(intent.Sequence);
    }

    public void OnHeartbeat(ArteryLink link, ReadOnlySpan<byte> content)
    {
        _beat.TrySetResult();
        var beat = Beat.Read(content);
        using var output = new FrameBuffer();
        if (beat.RequestingState)
        {
            new StateReport(0, true, new Dictionary<string, ReadOnlyMemory<byte>>(), new KnownStreams(_said + 1, [])).Write(output);
            link.TrySend(FrameKind.State, output.WrittenSpan);
            output.Clear();
        }

        new BeatReply(beat.Number, beat.Sent, 0, 0).Write(output);
        link.TrySend(FrameKind.Heartbeat, output.WrittenSpan);
    }

    public void OnState(ArteryLink link, ReadOnlySpan<byte> content)
    {
    }

    public void OnInvoke(ArteryLink link, ReadOnlySpan<byte> content)
    {
    }

    public void OnControl(ArteryLink link, ControlType type, ReadOnlySpan<byte> content)
    {
    }

    public void OnClosed(ArteryLink link, CloseCode code, string text)
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_link is not null)
            await _link.CloseAsync(CloseCode.Leaving, "");
    }
}
