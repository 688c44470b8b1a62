namespace Allotrope.Bench.Arteries.Peers;

/// <summary>ASP.NET SignalR with its JSON protocol, the only one of the shared framework.</summary>
sealed class SignalRPeer(ServerProcess server) : IPeer
{
    public string Name => "SignalR (JSON)";

    public async Task<IVoice> ConnectAsync(string room, int number, Action<long> heard)
    {
        var voice = new Voice(heard);
        await voice.ConnectAsync(new Uri(server.Address, $"/room?room={room}"));
        return voice;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    sealed class Voice(Action<long> heard) : TextVoice
    {
        const byte End = 0x1e;

        readonly byte[] _message = new byte[64 * 1024];

        public override ValueTask SayAsync(long number) => SendAsync(_message.AsMemory(0, Append(0, number)));

        public override async ValueTask SayAsync(long first, int count)
        {
            var length = 0;
            for (var i = 0; i < count; i++)
            {
                length = Append(length, first + i);
                if (length < 32 * 1024 && i + 1 < count)
                    continue;
                await SendAsync(_message.AsMemory(0, length));
                length = 0;
            }
        }

        protected override async Task GreetAsync()
        {
            await SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray());
            await ReceiveAsync();
        }

        protected override int Take(ReadOnlySpan<byte> message)
        {
            var arguments = "\"arguments\":["u8;
            for (var at = 0; message[at..].IndexOf(End) is >= 0 and var length; at += length + 1)
                if (message.Slice(at, length).IndexOf(arguments) is >= 0 and var found)
                    heard(Number(message[(at + found + arguments.Length)..], out _));
            return message.Length;
        }

        int Append(int at, long number)
        {
            var head = "{\"type\":1,\"target\":\"Say\",\"arguments\":["u8;
            head.CopyTo(_message.AsSpan(at));
            at += head.Length;
            at += Write(_message.AsSpan(at), number);
            "]}\u001e"u8.CopyTo(_message.AsSpan(at));
            return at + 3;
        }
    }
}
