using System.IO.Pipelines;
using Allotrope.Components;
using Allotrope.Conformance;
using Allotrope.Wasi.Clocks;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Tests.Io;

public class PollingTests
{
    readonly ManualTime _time = new();
    readonly Polling _polling = new(most: 4);

    [Fact]
    public async Task Those_that_are_ready_are_named_by_their_places()
    {
        var clock = new MonotonicClock(_time);
        var ready = await _polling.Poll([clock.SubscribeDuration(5), clock.SubscribeInstant(0), clock.SubscribeDuration(0)]);

        Assert.Equal([1u, 2u], ready);
    }

    [Fact]
    public async Task The_first_of_many_ends_the_wait()
    {
        var clock = new MonotonicClock(_time);
        var pipe = new Pipe();
        using var input = new PipeInput(pipe.Reader);
        var poll = _polling.Poll([clock.SubscribeDuration(1_000_000_000), input.Subscribe()]).AsTask();
        Assert.False(poll.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new[] { 0u }, await poll);
    }

    [Fact]
    public async Task A_stream_wakes_a_poll_with_a_clock()
    {
        var clock = new MonotonicClock(_time);
        var pipe = new Pipe();
        using var input = new PipeInput(pipe.Reader);
        var poll = _polling.Poll([clock.SubscribeDuration(1_000_000_000), input.Subscribe()]).AsTask();

        await pipe.Writer.WriteAsync("!"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(new[] { 1u }, await poll);
        Assert.Equal("!"u8, input.Read(9).Value.Span);
    }

    [Fact]
    public async Task The_same_stream_may_be_named_twice()
    {
        var pipe = new Pipe();
        using var input = new PipeInput(pipe.Reader);
        var poll = _polling.Poll([input.Subscribe(), input.Subscribe()]).AsTask();

        await pipe.Writer.WriteAsync("!"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(new[] { 0u, 1u }, await poll);
    }

    [Fact]
    public async Task Lists_that_are_empty_or_too_long_are_traps()
    {
        await Assert.ThrowsAsync<ComponentTrap>(async () => await _polling.Poll([]));
        await Assert.ThrowsAsync<ComponentTrap>(async () => await _polling.Poll(new IPollable[5]));
    }

    [Fact]
    public async Task Stopping_the_guest_ends_its_waits()
    {
        using var stop = new CancellationTokenSource();
        var clock = new MonotonicClock(_time, stop.Token);
        var poll = new Polling(10, stop.Token).Poll([clock.SubscribeDuration(1_000_000)]).AsTask();
        var block = clock.SubscribeDuration(1_000_000).Block().AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => block);
    }

    [Fact]
    public async Task Thousands_wait_without_a_thread_each()
    {
        var clock = new MonotonicClock(_time);
        var threads = ThreadPool.ThreadCount;
        var polls = Enumerable.Range(0, 5000).Select(_ => _polling.Poll([clock.SubscribeDuration(1_000_000_000)]).AsTask()).ToArray();

        Assert.All(polls, poll => Assert.False(poll.IsCompleted));
        Assert.InRange(ThreadPool.ThreadCount, 0, threads + 40);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(polls);
    }
}
