using System.Buffers.Binary;
using System.Net.WebSockets;

namespace Allotrope.Bench.Arteries.Peers;

/// <summary>NATS over WebSocket: one subject a room.</summary>
sealed class NatsPeer(ServerProcess server) : IPeer
{
    public string Name => "NATS over WebSocket";

    public async Task<IVoice> ConnectAsync(string room, int number, Action<long> heard)
    {
        var voice = new Voice(room, listens: number > 0, heard);
        await voice.ConnectAsync(server.Address);
        return voice;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    sealed class Voice(string room, bool listens, Action<long> heard) : TextVoice
    {
        readonly byte[] _head = System.Text.Encoding.ASCII.GetBytes($"PUB {room} 8\r\n");
        readonly byte[] _message = new byte[64 * 1024];

        protected override WebSocketMessageType Type => WebSocketMessageType.Binary;

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
            await ReceiveAsync();
            var subscribe = listens ? $"SUB {room} 1\r\n" : "";
            await SendAsync(System.Text.Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"pedantic\":false}}\r\n{subscribe}PING\r\n"));
            while (!(await ReceiveAsync()).Span.StartsWith("PONG"u8))
            {
                // Whatever it says before
            }
        }

        protected override int Take(ReadOnlySpan<byte> message)
        {
            var at = 0;
            while (message[at..].IndexOf("\r\n"u8) is >= 0 and var line)
            {
                if (message[at..].StartsWith("MSG"u8))
                {
                    if (message.Length < at + line + 12)
                        break;
                    heard(BinaryPrimitives.ReadInt64BigEndian(message[(at + line + 2)..]));
                    at += 10;
                }

                at += line + 2;
            }

            return at;
        }

        int Append(int at, long number)
        {
            _head.CopyTo(_message.AsSpan(at));
            at += _head.Length;
            BinaryPrimitives.WriteInt64BigEndian(_message.AsSpan(at), number);
            "\r\n"u8.CopyTo(_message.AsSpan(at + 8));
            return at + 10;
        }
    }
}
