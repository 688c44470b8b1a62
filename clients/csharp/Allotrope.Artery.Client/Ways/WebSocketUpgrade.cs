using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Allotrope.Artery.Client;

/// <summary>The HTTP half of RFC 6455, section 4.2, as far as an artery needs it: one GET, one answer, bounded, without a web server.</summary>
static class WebSocketUpgrade
{
    /// <summary>Of a request's head in bytes: as much as most web servers take.</summary>
    const int HeadBytes = 8 * 1024;

    /// <summary>Reads a request and answers it.</summary>
    /// <returns>The WebSocket, which owns the stream; <see langword="null"/> when something else was asked for, and the stream is closed.</returns>
    /// <exception cref="IOException">The connection is lost.</exception>
    public static async Task<WebSocket?> AcceptAsync(Stream stream, CancellationToken cancellation)
    {
        var head = await ReadHeadAsync(stream, cancellation);
        var refusal = head is null ? "400 Bad Request" : Refuse(head);
        if (refusal is not null)
        {
            await WriteAsync(stream, $"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", cancellation);
            await stream.DisposeAsync();
            return null;
        }

        await WriteAsync(
            stream,
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {Accept(Field(head!, "Sec-WebSocket-Key"))}\r\n"
            + $"Sec-WebSocket-Protocol: {WebSocketTransport.Subprotocol}\r\n\r\n",
            cancellation);
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions
        {
            IsServer = true,
            SubProtocol = WebSocketTransport.Subprotocol,
            KeepAliveInterval = TimeSpan.Zero, // heartbeats do that, and better
        });
    }

    /// <returns>The lines of the head; <see langword="null"/> when it is too long, cut off, or followed by what must wait for the answer.</returns>
    static async Task<string[]?> ReadHeadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[HeadBytes];
        for (var length = 0; length < head.Length;)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), cancellation);
            if (read == 0)
                return null;
            length += read;
            var end = head.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return end + 4 == length ? Encoding.Latin1.GetString(head, 0, end).Split("\r\n") : null;
        }

        return null;
    }

    static string? Refuse(string[] head)
    {
        if (!Field(head, "Upgrade").Equals("websocket", StringComparison.OrdinalIgnoreCase))
            return "501 Not Implemented"; // as the original answers
        if (head[0].Split(' ') is not ["GET", var target, "HTTP/1.1"])
            return "400 Bad Request";
        if (target.Split('?')[0] != WebSocketTransport.Path)
            return "404 Not Found";
        return Field(head, "Sec-WebSocket-Version") == "13" && Field(head, "Sec-WebSocket-Key").Length > 0
            && Field(head, "Sec-WebSocket-Protocol").Split(',', StringSplitOptions.TrimEntries).Contains(WebSocketTransport.Subprotocol)
            ? null
            : "400 Bad Request";
    }

    /// <summary>The first field of a name; empty when there is none.</summary>
    static string Field(string[] head, string name)
    {
        foreach (var line in head.AsSpan(1))
            if (line.IndexOf(':') is var colon and > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim();
        return "";
    }

#pragma warning disable CA5350 // RFC 6455 wants SHA-1, and nothing rests on it: the handshake of the artery proves who is there
    static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350

    static ValueTask WriteAsync(Stream stream, string text, CancellationToken cancellation) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellation);
}
