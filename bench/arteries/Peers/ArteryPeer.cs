using System.Net.WebSockets;
using Allotrope.Artery;
using Allotrope.Bench.Arteries.Servers;
using Allotrope.Kernel;

namespace Allotrope.Bench.Arteries.Peers;

/// <summary>Ours: a zone's core, and links as the clients have them.</summary>
sealed class ArteryPeer(ServerProcess server) : IPeer
{
    public string Name => "Allotrope";

    public async Task<IVoice> ConnectAsync(string room, int number, Action<long> heard)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(WebSocketTransport.Subprotocol);
        socket.Options.Proxy = null;
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await socket.ConnectAsync(new Uri(server.Address, WebSocketTransport.Path), CancellationToken.None);
        var transport = new CountingTransport(new WebSocketTransport(socket));
        var voice = new Voice($"s{number}", heard, transport);
        var offer = new HandshakeOffer
        {
            Role = ArteryRole.Service,
            Zone = room,
            Service = voice.Origin.Name,
            Key = ArteryServer.KeyOf(room),
            Epoch = voice.Origin.Epoch,
            Sealed = false,
        };
        var options = new LinkOptions { Queue = ArteryServer.Queue };
        voice.Link = await ArteryLink.DialAsync(transport, offer, voice, options, TimeProvider.System, SystemRandom.Instance, CancellationToken.None);
        await voice.Beat; // the core has let it in: before that nothing is sent to it
        return voice;
    }

    public async Task<long?> AllocatedAsync() => await server.AskAsync("allocated");

    public ValueTask DisposeAsync() => server.DisposeAsync();

    sealed class Voice(string name, Action<long> heard, CountingTransport transport) : IVoice, ILinkReceiver
    {
        const string Name = "TICK";

        readonly TaskCompletionSource _beat = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Origin Origin { get; } = new(name, ArteryTime.Now(TimeProvider.System));

        public ArteryLink Link { get; set; } = null!;

        /// <summary>The first heartbeat.</summary>
        public Task Beat => _beat.Task;

        public long Bytes => transport.Bytes;

        public ValueTask SayAsync(long number)
        {
            Say(number);
            return ValueTask.CompletedTask;
        }

        public ValueTask SayAsync(long first, int count)
        {
            for (var i = 0; i < count; i++)
                Say(first + i);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => Link.DisposeAsync();

        public void OnIntents(ArteryLink link, ref IntentBatchReader batch)
        {
            while (batch.TryRead(out var intent))
            {
                if (intent.Origin.Name != "core")
                    heard(new CborReader(intent.Data).ReadInteger());
            }
        }

        public void OnHeartbeat(ArteryLink link, ReadOnlySpan<byte> content)
        {
            _beat.TrySetResult();
            var beat = Artery.Beat.Read(content);
            using var output = new FrameBuffer();
            if (beat.RequestingState)
            {
                new StateReport(0, true, new Dictionary<string, ReadOnlyMemory<byte>>(), new KnownStreams(1, [])).Write(output);
                link.TrySend(FrameKind.State, output.WrittenSpan);
                output.Clear();
            }

            new BeatReply(beat.Number, beat.Sent, beat.StateVersion, 0).Write(output);
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

        void Say(long number)
        {
            Span<byte> data = stackalloc byte[9];
            var length = WriteInteger(data, number);
            if (!Link.TrySend(new Intent(Name, Origin, number, ArteryTime.Now(TimeProvider.System), data[..length])))
                throw new BenchException("the artery closed under the load");
        }

        // RFC 8949 3.1: a positive integer with the shortest head
        static int WriteInteger(Span<byte> output, long number)
        {
            var (head, bytes) = number switch { < 24 => ((int)number, 0), <= byte.MaxValue => (24, 1), <= ushort.MaxValue => (25, 2), <= uint.MaxValue => (26, 4), _ => (27, 8) };
            output[0] = (byte)head;
            for (var i = 0; i < bytes; i++)
                output[1 + i] = (byte)(number >> (8 * (bytes - 1 - i)));
            return 1 + bytes;
        }
    }
}
