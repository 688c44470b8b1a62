namespace Allotrope.Bench.Arteries.Peers;

/// <summary>Socket.IO in node: each event is a WebSocket message of its own.</summary>
sealed class SocketIoPeer(ServerProcess server) : IPeer
{
    public string Name => "Socket.IO";

    public async Task<IVoice> ConnectAsync(string room, int number, Action<long> heard)
    {
        var voice = new Voice(heard);
        await voice.ConnectAsync(new Uri(server.Address, $"/socket.io/?EIO=4&transport=websocket&room={room}"));
        return voice;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    sealed class Voice(Action<long> heard) : TextVoice
    {
        readonly byte[] _message = new byte[64];

        public override ValueTask SayAsync(long number)
        {
            "42[\"tick\","u8.CopyTo(_message);
            var length = 10 + Write(_message.AsSpan(10), number);
            _message[length] = (byte)']';
            return SendAsync(_message.AsMemory(0, length + 1));
        }

        public override async ValueTask SayAsync(long first, int count)
        {
            for (var i = 0; i < count; i++)
                await SayAsync(first + i);
        }

        protected override async Task GreetAsync()
        {
            await ReceiveAsync();
            await SendAsync("40"u8.ToArray());
            await ReceiveAsync();
        }

        protected override int Take(ReadOnlySpan<byte> message)
        {
            if (message is [(byte)'4', (byte)'2', ..])
                heard(Number(message[10..], out _));
            return message.Length;
        }
    }
}
