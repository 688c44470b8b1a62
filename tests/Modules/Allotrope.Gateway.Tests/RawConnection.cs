using System.Net.Sockets;
using System.Text;

namespace Allotrope.Gateway.Tests;

/// <summary>Sends bytes as they are and reads whatever comes back.</summary>
sealed class RawConnection(Socket socket) : IDisposable
{
    public async Task SendAsync(string text)
    {
        for (ReadOnlyMemory<byte> left = Encoding.Latin1.GetBytes(text); !left.IsEmpty;)
            left = left[await socket.SendAsync(left, TestContext.Current.CancellationToken)..];
    }

    /// <summary>Everything until the server closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Reads until <paramref name="text"/> has come; what follows it in the same packet is read as well.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var (seen, buffer) = ("", new byte[4096]);
        while (!seen.Contains(text, StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(count > 0, $"The connection ended after: {seen}");
            seen += Encoding.Latin1.GetString(buffer, 0, count);
        }
        return seen;
    }

    /// <summary>Reads that many bytes and throws them away.</summary>
    public async Task ReadAsync(long length)
    {
        for (var buffer = new byte[64 * 1024]; length > 0;)
        {
            var count = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(count > 0, "The connection ended.");
            length -= count;
        }
    }

    /// <summary>Ends the connection at once, as a client that crashed.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose() => socket.Dispose();
}
