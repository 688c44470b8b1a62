using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Wasi.Tests.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace Allotrope.Actors.Tests.Components;

/// <summary>What proxy-c passes on, and what becomes of it.</summary>
[Collection(nameof(Components))] // of which one measures memory
public sealed class OutgoingRequestTests : IAsyncLifetime
{
    static readonly byte[] Proxy = HttpExchange.Guest("proxy-c/proxy.wasm");
    static readonly byte[] Block = new byte[64 * 1024];

    readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    ActorNode _node = null!;
    Peer _peer = null!;

    public async ValueTask InitializeAsync()
    {
        _peer = await Peer.StartAsync(AnswerAsync);
        _node = await ActorNode.StartAsync();
        _node.Hosts = [_peer.Authority];
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_passed_on_with_its_body_and_so_is_the_answer()
    {
        await _node.RunComponentAsync("proxy", Proxy);
        var (head, body) = await _node.SendAsync(
            "proxy", "PUT", $"/http/{_peer.Authority}/whole?a=b", HttpExchange.Body("sent"u8.ToArray()), headers: KeyValuePair.Create("content-type", "text/x-sent"));
        Assert.Equal(201, head.Status);
        Assert.Equal("text/x-came", head.Headers.Single(field => field.Key == "content-type").Value);
        Assert.Equal("PUT /whole?a=b text/x-sent sent", Encoding.UTF8.GetString(await HttpExchange.ReadToEndAsync(body!)));
    }

    [Fact]
    public async Task A_host_that_the_blueprint_does_not_name_is_denied_and_in_the_log()
    {
        await _node.RunComponentAsync("proxy", Proxy);
        Assert.Equal((502, "error-code 15\n"), await _node.GetAsync("proxy", "/http/localhost:1/"));
        Assert.Contains((await _node.LogsAsync("proxy")), line => line.Text.Contains("http://localhost:1 was denied", StringComparison.Ordinal));

        _node.Hosts = ["localhost:1"];
        await _node.RunComponentAsync("proxy", Proxy);
        Assert.Equal((502, "error-code 06\n"), await _node.GetAsync("proxy", "/http/localhost:1/"));
    }

    [Fact]
    public async Task A_name_that_stands_for_this_machine_is_denied_and_in_the_log_with_what_to_add()
    {
        var name = await ThisMachine.NameAsync();
        _node.Hosts = [$"{name}:{_peer.Port}"];
        await _node.RunComponentAsync("proxy", Proxy);
        Assert.Equal(502, (await _node.GetAsync("proxy", $"/http/{name}:{_peer.Port}/")).Status);
        await _node.LogHasAsync("proxy", $"A request to http://{name}:{_peer.Port} was denied: the name stands for 127.0.0.1, which is no address of the Internet. "
            + $"If that is meant, add {_peer.Authority} to the component's `hosts` in the blueprint.");
    }

    [Fact]
    public async Task A_peer_that_breaks_off_does_not_make_a_body_look_whole()
    {
        await _node.RunComponentAsync("proxy", Proxy);
        var (head, body) = await _node.SendAsync("proxy", "GET", $"/http/{_peer.Authority}/broken");
        Assert.Equal(200, head.Status);
        await Assert.ThrowsAnyAsync<Exception>(() => HttpExchange.ReadToEndAsync(body!));
    }

    [Fact]
    public async Task A_client_that_leaves_while_the_guest_waits_for_its_peer_ends_the_request_there()
    {
        await _node.RunComponentAsync("proxy", Proxy);
        using var impatience = new CancellationTokenSource();
        var waiting = _node.SendAsync("proxy", "GET", $"/http/{_peer.Authority}/never", null, impatience.Token);
        await _came.Task.WaitAsync(ActorNode.Patience, TestContext.Current.CancellationToken);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await _left.Task.WaitAsync(ActorNode.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(201, (await _node.GetAsync("proxy", $"/http/{_peer.Authority}/again")).Status);
    }

    [Fact]
    public async Task A_guest_may_wait_longer_for_its_peer_than_its_calls_may_take()
    {
        await _node.RunComponentAsync("proxy", Proxy, limits: ComponentLimits.Default with { CallTime = TimeSpan.FromSeconds(2) });
        await _node.GetAsync("proxy", $"/http/{_peer.Authority}/again"); // the first call has more time
        Assert.Equal((201, "GET /slow  "), await _node.GetAsync("proxy", $"/http/{_peer.Authority}/slow"));
    }

    [Theory]
    [InlineData(64)]
    public Task A_large_body_passes_both_ways_in_constant_memory(int mebibytes) => PassAsync(mebibytes);

    [Fact(Explicit = true)]
    public Task A_body_of_one_GiB_passes_both_ways_in_constant_memory() => PassAsync(1024);

    async Task PassAsync(int mebibytes)
    {
        await _node.RunComponentAsync("proxy", Proxy);
        var (before, most, length) = (GC.GetTotalMemory(forceFullCollection: true), 0L, 0L);
        void Look(int bytes)
        {
            if ((length >> 24) != ((length + bytes) >> 24))
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            length += bytes;
        }

        var request = new ByteStream();
        var sending = Task.Run(async () =>
        {
            for (var left = mebibytes * 16; left > 0; left--)
            {
                await request.Writer.WriteAsync(Block);
                Look(Block.Length);
            }

            request.Complete();
        });
        var (_, counted) = await _node.SendAsync("proxy", "POST", $"/http/{_peer.Authority}/count", request);
        await sending;
        Assert.Equal($"{(long)mebibytes << 20}", Encoding.UTF8.GetString(await HttpExchange.ReadToEndAsync(counted!)));

        length = 0;
        var (_, body) = await _node.SendAsync("proxy", "GET", $"/http/{_peer.Authority}/zeros/{mebibytes}");
        while (await body!.Reader.ReadAsync() is var read && !(read.IsCompleted && read.Buffer.IsEmpty))
        {
            Look((int)read.Buffer.Length);
            body.Reader.AdvanceTo(read.Buffer.End);
        }

        Assert.Equal((long)mebibytes << 20, length);
        TestContext.Current.SendDiagnosticMessage($"{mebibytes} MiB each way: {most} bytes held at most");
        Assert.True(most < 8 << 20, $"{most} bytes were held at once");
    }

    async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value!.Split('/'))
        {
            case ["", "broken"]:
                await context.Response.WriteAsync(new string('x', 100_000));
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case ["", "never"]:
                await using (context.RequestAborted.Register(_left.SetResult))
                {
                    _came.SetResult();
                    await _left.Task;
                }

                break;
            case ["", "count"]:
                var total = 0L;
                while (await context.Request.Body.ReadAsync(new byte[Block.Length]) is > 0 and var read)
                    total += read;
                await context.Response.WriteAsync($"{total}");
                break;
            case ["", "zeros", var mebibytes]:
                for (var left = int.Parse(mebibytes, null) * 16; left > 0; left--)
                    await context.Response.Body.WriteAsync(Block);
                break;
            default:
                if (context.Request.Path == "/slow")
                    await Task.Delay(2500); // what it must outlive is time on the clock
                using (var sent = new StreamReader(context.Request.Body))
                {
                    context.Response.StatusCode = 201;
                    context.Response.ContentType = "text/x-came";
                    await context.Response.WriteAsync(
                        $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.ContentType} {await sent.ReadToEndAsync()}");
                }

                break;
        }
    }
}
