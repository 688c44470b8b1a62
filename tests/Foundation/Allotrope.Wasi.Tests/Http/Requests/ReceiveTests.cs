using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Allotrope.Wasi.Tests.Http.Requests;

/// <summary>What a peer can make the host hold of a response that the guest does not read.</summary>
public sealed class ReceiveTests
{
    const int Block = 16 * 1024;

    [Theory]
    [InlineData(0)]
    [InlineData(16_000_000)] // by then a window that grows would have
    public async Task A_peer_over_HTTP2_is_held_back_at_what_fits(int readFirst)
    {
        Assert.True(AppContext.TryGetSwitch("System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing", out var isFixed) && isFixed);
        var (reads, written, stalled) = (true, 0L, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var peer = await Peer.StartTlsAsync(async context =>
        {
            var block = new byte[Block];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                var writing = context.Response.Body.WriteAsync(block, context.RequestAborted).AsTask();
                while (await Task.WhenAny(writing, Task.Delay(TimeSpan.FromSeconds(1))) != writing)
                    if (!Volatile.Read(ref reads)) // which may come while it waits already
                        stalled.TrySetResult(written);
                await writing;
                written += Block;
            }
        }, HttpProtocols.Http2);
        using var guest = new Guest($"https://{peer.Authority}");
        using var response = await guest.AnswerAsync(guest.New("GET", $"https://{peer.Authority}/"));
        using var body = response.Consume().Value;
        using var stream = body.Stream().Value;
        var read = 0L;
        while (read < readFirst)
            read += (await stream.BlockingRead(64 * 1024).AsTask().WaitAsync(Guest.Patience, TestContext.Current.CancellationToken)).Value.Length;
        Volatile.Write(ref reads, false);

        var sent = await stalled.Task.WaitAsync(Guest.Patience, TestContext.Current.CancellationToken) - read;
        // In the window, in what the guest reads by, and in the server that waits to send
        Assert.InRange(sent, 1, guest.Connections.Limits.ReceiveBytes + Block + (64 * 1024) + (2 * Block));
    }
}
