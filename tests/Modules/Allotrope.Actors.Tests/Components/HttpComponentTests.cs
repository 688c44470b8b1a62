using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.Components;

[Collection(nameof(Components))]
public sealed class HttpComponentTests : IAsyncLifetime
{
    static readonly byte[] Hello = HttpExchange.Guest("hello-c/hello.wasm");
    static readonly byte[] Streams = HttpExchange.Guest("streams-c/streams.wasm");
    static readonly byte[] Block = new byte[64 * 1024];

    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_component_answers_a_request()
    {
        var status = await _node.RunComponentAsync("page", Hello);
        Assert.Equal(WorkloadState.Running, status.State);
        var (code, text) = await _node.GetAsync("page", "/Ada");
        Assert.Equal(200, code);
        Assert.Contains("Ada", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_body_of_a_request_that_cannot_be_read_is_let_go()
    {
        await _node.RunComponentAsync("page", Hello);
        var body = new ByteStream();
        var request = new Message(Subjects.Http("page"), Payload.Of("no head"u8.ToArray())) { Body = body };
        await Assert.ThrowsAsync<FaultException>(() => _node.Lattice.RequestAsync(request).AsTask());
        Assert.True(body.Abandoned.IsCancellationRequested);
    }

    [Fact]
    public async Task An_instance_that_is_reused_answers_again_and_again()
    {
        _node.ReusesInstances = true;
        await _node.RunComponentAsync("page", Hello);
        for (var i = 0; i < 100; i++)
            Assert.Contains($"n{i}", (await _node.GetAsync("page", $"/n{i}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_comes_back_as_it_was_sent_with_its_trailers()
    {
        await _node.RunComponentAsync("echo", Streams);
        var sent = new byte[1_000_000];
        new Random(1).NextBytes(sent);
        var request = new ByteStream();
        var sending = Task.Run(async () =>
        {
            await request.Writer.WriteAsync(sent);
            request.Complete(new Headers(new KeyValuePair<string, string>("sum", "seven")));
        });

        var (_, body) = await _node.SendAsync("echo", "POST", "/echo", request);
        Assert.Equal(sent, await HttpExchange.ReadToEndAsync(body!));
        await sending;
        Assert.Equal("seven", body!.Trailers?["sum"]);
    }

    [Fact]
    public async Task A_guest_waits_for_a_reader_that_is_slower_than_its_time()
    {
        await _node.RunComponentAsync("zeros", Streams, limits: ComponentLimits.Default with { CallTime = TimeSpan.FromSeconds(2) });
        await _node.GetAsync("zeros", "/count"); // the first call has more time
        var (_, body) = await _node.SendAsync("zeros", "GET", "/zeros/1000000");
        await Task.Delay(2500, TestContext.Current.CancellationToken); // what it must outlive is time on the clock
        Assert.Equal(1_000_000, (await HttpExchange.ReadToEndAsync(body!)).Length);
    }

    [Fact]
    public async Task A_reader_that_goes_ends_the_call_and_is_named_in_the_log()
    {
        await _node.RunComponentAsync("zeros", Streams);
        var (_, body) = await _node.SendAsync("zeros", "GET", "/zeros/100000000000");
        await body!.Reader.ReadAsync(TestContext.Current.CancellationToken);
        body.Abandon();
        Assert.Equal((200, "0"), await _node.GetAsync("zeros", "/count")); // its only instance is free again
        await _node.LogHasAsync("zeros", "GET /zeros/100000000000 was not answered to its end");
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_the_guest_waits_frees_the_instance()
    {
        await _node.RunComponentAsync("count", Streams);
        using var impatience = new CancellationTokenSource();
        var never = new ByteStream(); // a body that never comes
        var waiting = _node.SendAsync("count", "POST", "/count", never, impatience.Token);
        await never.Writer.WriteAsync(Block, TestContext.Current.CancellationToken);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal((200, "0"), await _node.GetAsync("count", "/count"));
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_no_instance_is_free_is_named_in_the_log()
    {
        await _node.RunComponentAsync("echo", Streams);
        var slow = new ByteStream();
        var (_, body) = await _node.SendAsync("echo", "POST", "/echo", slow); // has the only instance
        using var impatience = new CancellationTokenSource();
        var waiting = _node.SendAsync("echo", "GET", "/count", cancellation: impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await _node.LogHasAsync("echo", "GET /count had no instance free before its end: the client left.");
        slow.Complete();
        Assert.Empty(await HttpExchange.ReadToEndAsync(body!));
    }

    [Fact]
    public async Task A_trap_in_the_middle_of_an_answer_breaks_it_and_is_named_in_the_log()
    {
        await _node.RunComponentAsync("trap", Streams);
        var (head, body) = await _node.SendAsync("trap", "GET", "/trap/200000");
        Assert.Equal(200, head.Status);
        var error = await Assert.ThrowsAsync<FaultException>(() => HttpExchange.ReadToEndAsync(body!));
        Assert.Contains("trapped in GET /trap/200000", error.Message, StringComparison.Ordinal);
        await _node.LogHasAsync("trap", "GET /trap/200000 trapped");
        Assert.Equal((200, "0"), await _node.GetAsync("trap", "/count"));
    }

    [Fact]
    public async Task A_module_of_an_actor_is_refused_with_what_to_write()
    {
        var status = await _node.RunComponentAsync("page", Probe.Signed("page"));
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("type: actor", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_is_refused_since_nothing_calls_it()
    {
        var status = await _node.RunComponentAsync("page", HttpExchange.Guest("command-c/command.wasm"));
        Assert.Equal((WorkloadState.Failed, "Refused"), (status.State, status.Fault));
        Assert.StartsWith("Component page is a command: it exports wasi:cli/run and nothing that a node calls. Run it with `allot run`", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_component_is_refused_as_an_actor_with_what_to_write()
    {
        var status = await _node.RunAsync("page", Hello);
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("type: component", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_component_imports_and_was_not_granted_keeps_it_from_starting()
    {
        var status = await _node.RunComponentAsync("counter", HttpExchange.Guest("counter-c/counter.wasm"));
        Assert.Equal((WorkloadState.Failed, "Refused"), (status.State, status.Fault));
        Assert.Contains("wasi:keyvalue/", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_revision_takes_over_while_the_old_one_finishes()
    {
        await _node.RunComponentAsync("page", Streams, instances: 2);
        var slow = new ByteStream();
        var (_, body) = await _node.SendAsync("page", "POST", "/echo", slow);
        await _node.RunComponentAsync("page", Hello, instances: 2);
        Assert.Contains("Ada", (await _node.GetAsync("page", "/Ada")).Text, StringComparison.Ordinal);
        await slow.Writer.WriteAsync("late"u8.ToArray(), TestContext.Current.CancellationToken);
        slow.Complete();
        Assert.Equal("late"u8.ToArray(), await HttpExchange.ReadToEndAsync(body!));
    }

    [Fact]
    public async Task A_component_that_stops_ends_the_calls_that_would_last_for_ever()
    {
        await _node.RunComponentAsync("echo", Streams);
        var (_, body) = await _node.SendAsync("echo", "POST", "/echo", new ByteStream());
        await _node.StopAsync("echo");
        await Assert.ThrowsAnyAsync<Exception>(() => HttpExchange.ReadToEndAsync(body!));
    }

    [Theory]
    [InlineData(64)]
    public Task A_large_body_passes_both_ways_in_constant_memory(int mebibytes) => PassAsync(mebibytes);

    [Fact(Explicit = true)]
    public Task A_body_of_one_GiB_passes_both_ways_in_constant_memory() => PassAsync(1024);

    async Task PassAsync(int mebibytes)
    {
        await _node.RunComponentAsync("echo", Streams);
        var request = new ByteStream();
        var (_, body) = await _node.SendAsync("echo", "POST", "/echo", request);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sending = Task.Run(async () =>
        {
            for (var left = mebibytes * 16; left > 0; left--)
                await request.Writer.WriteAsync(Block);
            request.Complete();
        });
        var (length, most) = (0L, 0L);
        while (await body!.Reader.ReadAsync() is var read && !(read.IsCompleted && read.Buffer.IsEmpty))
        {
            if ((length >> 24) != ((length + read.Buffer.Length) >> 24))
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            length += read.Buffer.Length;
            body.Reader.AdvanceTo(read.Buffer.End);
        }
        await sending;
        Assert.Equal((long)mebibytes << 20, length);
        Assert.True(most < 8 << 20, $"{most} bytes were held at once");
    }
}
