using System.Diagnostics;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.Components;

/// <summary>Components that wait hold no thread, and no longer than they may.</summary>
[Collection(nameof(Components))] // of which one measures memory
public sealed class WaitingComponentTests : IAsyncLifetime
{
    static readonly byte[] Waits = HttpExchange.Guest("waits-c/waits.wasm");
    static readonly byte[] Streams = HttpExchange.Guest("streams-c/streams.wasm");
    /// <summary>A good part of it is what a busy machine may take from a call that is swift.</summary>
    static readonly ComponentLimits Hasty = ComponentLimits.Default with { CallTime = TimeSpan.FromSeconds(2) };

    static readonly TimeSpan Longer = TimeSpan.FromSeconds(2.5);

    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Calls_that_wait_hold_no_threads_and_go_on()
    {
        await _node.RunComponentAsync("echo", Streams, instances: 300, limits: ComponentLimits.Default with { CallTime = ActorNode.Patience });
        var waiting = await BeginAsync(300);
        Assert.InRange(_node.Threads, 1, 49);
        await EndAsync(waiting);
    }

    [Fact]
    public async Task A_burst_that_finds_its_component_on_the_slow_lane_has_few_threads()
    {
        await _node.RunComponentAsync("echo", Streams, instances: 500, limits: ComponentLimits.Default with { CallTime = ActorNode.Patience });
        await Assert.ThrowsAnyAsync<Exception>(() => _node.GetAsync("echo", "/trap/0"));
        var before = _node.Threads;
        var waiting = await BeginAsync(500);
        // Those of the burst, those that had begun in the prompt lane before it was known, and whoever makes instances ahead; they stay for ten idle seconds.
        Assert.InRange(_node.Threads, 1, before + (3 * GuestThreads.PromptThreads) + 1);
        await EndAsync(waiting);
    }

    /// <summary>The figures of docs/internals/actors.md.</summary>
    [Fact(Explicit = true)]
    public async Task Five_thousand_calls_that_wait_hold_few_threads_and_little_memory()
    {
        const int Calls = 5000;
        await _node.RunComponentAsync("echo", Streams, instances: Calls, limits: ComponentLimits.Default with { CallTime = ActorNode.Patience }); // all begin at once
        await EndAsync(await BeginAsync(10));
        var before = Resident();

        var waiting = await BeginAsync(Calls);
        var began = TimeProvider.System.GetTimestamp();
        while (_node.Threads > 40) // those that began the calls, of which the slow lane has many, end when they have been idle
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < ActorNode.Patience, $"{_node.Threads} guest threads remain");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        using var process = Process.GetCurrentProcess();
        var (threads, each) = (process.Threads.Count, (Resident() - before) / Calls);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Calls} calls wait: {threads} threads of the process, {_node.Threads} of guests; each call holds {each:N0} bytes, its memory and its client's streams among them");
        Assert.InRange(threads, 1, 49);
        Assert.InRange(each, 0, 200 << 10);
        await EndAsync(waiting);
    }

    [Fact]
    public async Task A_guest_may_sleep_within_its_time()
    {
        await _node.RunComponentAsync("waits", Waits);
        Assert.Equal((200, "awake"), await _node.GetAsync("waits", "/sleep/20"));
    }

    [Fact]
    public async Task A_guest_that_sleeps_beyond_its_time_is_stopped()
    {
        await _node.RunComponentAsync("waits", Waits, limits: Hasty);
        await _node.GetAsync("waits", "/"); // the first call has more time
        var error = await Assert.ThrowsAsync<FaultException>(() => _node.GetAsync("waits", "/sleep/600000"));
        Assert.IsType<Fault.TimedOut>(error.Fault);
        Assert.Contains("slept in GET /sleep/600000 beyond its 2000 ms", error.Message, StringComparison.Ordinal);
        Assert.Equal((200, "ready"), await _node.GetAsync("waits", "/")); // its only instance is free again
    }

    [Fact]
    public async Task A_guest_that_waits_for_its_client_does_not_sleep_although_it_looks_at_a_clock()
    {
        await _node.RunComponentAsync("waits", Waits, limits: Hasty);
        await _node.GetAsync("waits", "/");
        var body = new ByteStream();
        var race = _node.SendAsync("waits", "POST", "/race/600000", body);
        await Task.Delay(Longer, TestContext.Current.CancellationToken); // what it must outlive is time on the clock
        await body.Writer.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("body"u8.ToArray(), await HttpExchange.ReadToEndAsync((await race).Body!));
    }

    [Fact]
    public async Task A_clock_rings_beside_a_client_that_never_sends()
    {
        await _node.RunComponentAsync("waits", Waits, limits: Hasty);
        Assert.Equal("clock"u8.ToArray(), await HttpExchange.ReadToEndAsync((await _node.SendAsync("waits", "POST", $"/race/{Longer.TotalMilliseconds:0}", new ByteStream())).Body!));
    }

    [Fact]
    public async Task A_caller_that_gives_up_wakes_the_guest_that_sleeps()
    {
        await _node.RunComponentAsync("waits", Waits, limits: Hasty with { CallTime = ActorNode.Patience });
        using var impatience = new CancellationTokenSource();
        var sleeping = _node.SendAsync("waits", "GET", "/sleep/600000", cancellation: impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleeping);
        Assert.Equal((200, "ready"), await _node.GetAsync("waits", "/"));
    }

    [Fact]
    public async Task The_body_of_a_response_that_was_dropped_is_closed()
    {
        await _node.RunComponentAsync("waits", Waits);
        Assert.Equal((200, "closed"), await _node.GetAsync("waits", "/drop"));
    }

    /// <summary>Calls that have begun to answer, and wait for more of their requests' bodies.</summary>
    async Task<List<(ByteStream Request, ByteStream Response)>> BeginAsync(int count)
    {
        var requests = Enumerable.Range(0, count).Select(_ => new ByteStream()).ToList();
        var heads = await Task.WhenAll(requests.Select(request => _node.SendAsync("echo", "POST", "/echo", request)));
        return [.. requests.Zip(heads, (request, head) => (request, head.Body!))];
    }

    static async Task EndAsync(List<(ByteStream Request, ByteStream Response)> waiting)
    {
        foreach (var (request, _) in waiting)
        {
            await request.Writer.WriteAsync("more"u8.ToArray(), TestContext.Current.CancellationToken);
            request.Complete();
        }

        foreach (var (_, response) in waiting)
            Assert.Equal("more"u8.ToArray(), await HttpExchange.ReadToEndAsync(response));
    }

    /// <summary>Bytes of this process that are in memory.</summary>
    static long Resident()
    {
        GC.Collect();
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
