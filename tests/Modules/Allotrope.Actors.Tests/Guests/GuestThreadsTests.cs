using System.Collections.Concurrent;

namespace Allotrope.Actors.Tests;

public sealed class GuestThreadsTests : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly int PromptThreads = 2 * Environment.ProcessorCount;

    readonly GuestMonitor _monitor = new(TimeProvider.System);
    readonly GuestThreads _threads;

    public GuestThreadsTests() => _threads = new GuestThreads(_monitor);

    public async ValueTask DisposeAsync()
    {
        await _threads.DisposeAsync();
        _monitor.Dispose();
    }

    [Fact]
    public async Task Work_runs_on_a_thread_of_its_own_with_a_run_that_knows_it()
    {
        var work = Start(run =>
        {
            Assert.False(Thread.CurrentThread.IsThreadPoolThread);
            Assert.Same(run, GuestRun.Current);
        });

        Assert.Equal(new RunEnd(StopReason.None, Long: false, Blocked: false), await work.Done.WaitAsync(Patience));
    }

    [Fact]
    public async Task Work_one_after_the_other_uses_one_thread()
    {
        var threads = new ConcurrentDictionary<int, bool>();
        for (var i = 0; i < 100; i++)
        {
            await Start(_ => threads[Environment.CurrentManagedThreadId] = true).Done.WaitAsync(Patience);
            await IdleAsync();
        }

        Assert.Single(threads);
        Assert.Equal(1, _threads.Count);
    }

    [Fact]
    public async Task Only_so_many_run_at_once_and_the_rest_wait_their_turn()
    {
        using var gate = new ManualResetEventSlim();
        var (running, most) = (0, 0);
        var works = Enumerable.Range(0, 5 * PromptThreads).Select(_ => Start(_ =>
        {
            lock (gate)
                most = Math.Max(most, ++running);
            gate.Wait();
            lock (gate)
                running--;
        })).ToList();
        await UntilAsync(() => Volatile.Read(ref running) == PromptThreads);
        gate.Set();
        await Task.WhenAll(works.Select(work => work.Done)).WaitAsync(Patience);

        Assert.Equal(PromptThreads, most);
    }

    [Fact]
    public async Task Threads_that_wait_for_their_host_are_replaced()
    {
        using var gate = new ManualResetEventSlim();
        var waiting = Enumerable.Range(0, 3 * PromptThreads).Select(_ => Start(run =>
        {
            run.BeginWait();
            gate.Wait();
            run.EndWait();
        })).ToList();

        await Start(_ => { }).Done.WaitAsync(Patience);
        Assert.All(waiting, work => Assert.False(work.Done.IsCompleted));
        gate.Set();
        Assert.All(await Task.WhenAll(waiting.Select(work => work.Done)).WaitAsync(Patience), end => Assert.True(end.Blocked));
    }

    /// <summary>They stay idle for ten seconds, and nothing runs meanwhile.</summary>
    [Fact]
    public async Task Threads_that_are_idle_in_one_lane_make_room_for_those_of_the_other()
    {
        using var gate = new ManualResetEventSlim();
        var waiting = Enumerable.Range(0, ActorLimits.Threads).Select(_ => Start(run =>
        {
            run.BeginWait();
            gate.Wait();
            run.EndWait();
        })).ToList();
        await UntilAsync(() => _threads.Count >= ActorLimits.Threads - 1);
        gate.Set();
        await Task.WhenAll(waiting.Select(work => work.Done)).WaitAsync(Patience);
        await UntilAsync(() => _monitor.IsAsleep);

        var slow = new FakeWork(_monitor, _ => { });
        _threads.Slow.Start(slow);
        await slow.Done.WaitAsync(Patience);
    }

    [Fact]
    public async Task Work_that_runs_long_steps_aside_so_that_others_run()
    {
        var stop = false;
        var hogs = Enumerable.Range(0, PromptThreads + 3).Select(_ => Start(_ =>
        {
            while (!Volatile.Read(ref stop))
                Thread.SpinWait(100);
        })).ToList();

        for (var i = 0; i < 20; i++)
            Assert.False((await Start(_ => { }).Done.WaitAsync(Patience)).Long);
        Volatile.Write(ref stop, true);
        // The last ones may have been stopped before they had run long; but work that came after all of them got a thread.
        Assert.InRange((await Task.WhenAll(hogs.Select(work => work.Done)).WaitAsync(Patience)).Count(end => end.Long), PromptThreads, hogs.Count);
    }

    [Fact]
    public async Task Sleeping_is_not_running_long()
    {
        using var never = new ManualResetEventSlim();
        var end = await Start(_ => never.Wait(TimeSpan.FromMilliseconds(60))).Done.WaitAsync(Patience);

        Assert.False(end.Long);
    }

    [Fact]
    public async Task A_run_beyond_its_time_is_marked_as_stopped()
    {
        using var never = new ManualResetEventSlim();
        var work = new FakeWork(_monitor, _ => never.Wait(TimeSpan.FromMilliseconds(60))) { Budget = TimeSpan.FromMilliseconds(5) };
        _threads.Prompt.Start(work);

        Assert.Equal(StopReason.Time, (await work.Done.WaitAsync(Patience)).Stop);
    }

    [Fact]
    public async Task Work_started_before_disposal_still_runs()
    {
        var threads = new GuestThreads(_monitor);
        var works = Enumerable.Range(0, 50).Select(_ => new FakeWork(_monitor, _ => Thread.SpinWait(1000))).ToList();
        works.ForEach(threads.Prompt.Start);
        await threads.DisposeAsync();

        Assert.All(works, work => Assert.True(work.Done.IsCompletedSuccessfully));
        Assert.Equal(0, threads.Count);
    }

    FakeWork Start(Action<GuestRun> body)
    {
        var work = new FakeWork(_monitor, body);
        _threads.Prompt.Start(work);
        return work;
    }

    // A thread goes idle just after its work is done.
    Task IdleAsync() => UntilAsync(() => _threads.Prompt.Running == 0);

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !condition(); await Task.Yield())
            Assert.True(Environment.TickCount64 < deadline, "the condition did not come true");
    }
}
