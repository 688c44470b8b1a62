namespace Allotrope.Actors.Tests;

/// <summary>Work that is known to run long has few threads, and no workload all of them.</summary>
public sealed class SlowLaneTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly GuestMonitor _monitor = new(TimeProvider.System);
    readonly ManualResetEventSlim _gate = new();
    readonly List<FakeWork> _works = [];
    readonly GuestThreads _threads;
    int _running, _most;

    public SlowLaneTests() => _threads = new GuestThreads(_monitor);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        await _threads.DisposeAsync();
        _monitor.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task A_burst_of_one_workload_has_no_more_threads_than_the_prompt_lane()
    {
        Compute("greedy", 300);
        await UntilAsync(() => Volatile.Read(ref _running) == GuestThreads.SlowShare);
        Assert.Equal(GuestThreads.SlowShare, _threads.Count);

        await EndAsync();
        Assert.Equal(GuestThreads.SlowShare, _most);
        Assert.InRange(_threads.Count, 1, GuestThreads.SlowShare);
    }

    [Fact]
    public async Task Others_have_threads_meanwhile()
    {
        Compute("greedy", 300);
        await UntilAsync(() => Volatile.Read(ref _running) == GuestThreads.SlowShare);

        await Slow("modest", _ => { }).Done.WaitAsync(Patience);
        Assert.False(_gate.IsSet);
    }

    [Fact]
    public async Task Bursts_of_many_workloads_have_eight_times_as_many()
    {
        for (var each = 0; each < 20; each++)
            Compute($"greedy {each}", 30);
        await UntilAsync(() => Volatile.Read(ref _running) == GuestThreads.SlowThreads);

        await EndAsync();
        Assert.Equal(GuestThreads.SlowThreads, _most);
    }

    [Fact]
    public async Task Those_of_one_workload_run_in_the_order_they_came()
    {
        using var turn = new ManualResetEventSlim();
        var first = Slow("greedy", _ => turn.Wait());
        Compute("greedy", GuestThreads.SlowShare - 1);
        await UntilAsync(() => Volatile.Read(ref _running) == GuestThreads.SlowShare - 1);
        var order = new List<int>();
        var works = Enumerable.Range(0, 50).Select(number => Slow("greedy", _ => order.Add(number))).ToList();
        turn.Set(); // the one thread that is left does them all
        await Task.WhenAll(works.Append(first).Select(work => work.Done)).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public async Task A_guest_that_waits_for_its_host_leaves_its_place_to_another_of_its_workload()
    {
        for (var each = 0; each < 3 * GuestThreads.SlowShare; each++)
        {
            Slow("patient", run =>
            {
                run.BeginWait();
                Compute();
                run.EndWait();
            });
        }

        await UntilAsync(() => Volatile.Read(ref _running) == 3 * GuestThreads.SlowShare);
        await EndAsync();
    }

    [Fact]
    public async Task What_was_not_begun_in_its_time_is_given_up()
    {
        Compute("greedy", GuestThreads.SlowShare);
        await UntilAsync(() => Volatile.Read(ref _running) == GuestThreads.SlowShare);
        var late = new FakeWork(_monitor, _ => { }) { Whose = "greedy", Over = _monitor.After(TimeSpan.FromMilliseconds(20)) };
        _threads.Slow.Start(late);

        Assert.Equal("given up for its share", (await Assert.ThrowsAsync<TimeoutException>(() => late.Done.WaitAsync(Patience))).Message);
    }

    [Fact]
    public async Task What_is_given_up_because_others_have_all_threads_is_told_so()
    {
        for (var each = 0; each < GuestThreads.SlowThreads / GuestThreads.SlowShare; each++)
            Compute($"greedy {each}", GuestThreads.SlowShare);
        await UntilAsync(() => Volatile.Read(ref _running) == GuestThreads.SlowThreads);
        var late = new FakeWork(_monitor, _ => { }) { Whose = "modest", Over = _monitor.After(TimeSpan.FromMilliseconds(20)) };
        _threads.Slow.Start(late);

        Assert.Equal("given up", (await Assert.ThrowsAsync<TimeoutException>(() => late.Done.WaitAsync(Patience))).Message);
    }

    void Compute(string owner, int count)
    {
        for (var each = 0; each < count; each++)
            Slow(owner, _ => Compute());
    }

    void Compute()
    {
        lock (_works)
            _most = Math.Max(_most, ++_running);
        _gate.Wait();
        lock (_works)
            _running--;
    }

    FakeWork Slow(string owner, Action<GuestRun> body)
    {
        var work = new FakeWork(_monitor, body) { Whose = owner };
        _works.Add(work);
        _threads.Slow.Start(work);
        return work;
    }

    async Task EndAsync()
    {
        _gate.Set();
        await Task.WhenAll(_works.Select(work => work.Done)).WaitAsync(Patience);
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !condition(); await Task.Delay(1, TestContext.Current.CancellationToken))
            Assert.True(Environment.TickCount64 < deadline, "the condition did not come true");
    }
}
