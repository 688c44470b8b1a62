using System.Diagnostics;
using Allotrope.Contracts;

namespace Allotrope.Actors.Tests;

/// <summary>
/// Calls of several workloads from many threads, prompt and long ones, that wait on their threads or without them, fail, are late or not wanted any more, while
/// revisions are exchanged. Each ends once, and leaves nothing behind.
/// </summary>
public sealed class CallStormTests(ITestOutputHelper output)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Every_call_ends_once_and_leaves_no_thread_and_no_turn_behind(int seed) => StormAsync(seed, 1500);

    [Fact(Explicit = true)]
    public async Task Every_call_of_a_long_storm_does_so()
    {
        for (var seed = 100; seed < 140; seed++)
            await StormAsync(seed, 6000);
    }

    async Task StormAsync(int seed, int count)
    {
        using var monitor = new GuestMonitor(TimeProvider.System);
        var threads = new GuestThreads(monitor);
        var workloads = Enumerable.Range(0, 6).Select(number => new StormWorkload(number, threads)).ToList();
        var calls = new StormCall[6][];
        var callers = Enumerable.Range(0, calls.Length).Select(caller => new Thread(() =>
        {
            var random = new Random((seed * 100) + caller);
            calls[caller] = new StormCall[count];
            for (var each = 0; each < count; each++)
            {
                var workload = workloads[random.Next(workloads.Count)];
                calls[caller][each] = workload.Call(random, monitor);
                if (random.Next(40) == 0)
                    workload.Exchange(random.Next(4) == 0 ? random.Next(2) : random.Next(1, 200));
                if (random.Next(8) == 0)
                    Thread.SpinWait(random.Next(20_000)); // so that there are lulls
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
        workloads.ForEach(workload => workload.Exchange(instances: 3)); // some have none, and calls that wait for them

        var all = calls.SelectMany(each => each).ToList();
        await Task.WhenAll(all.Select(call => call.Done)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        foreach (var workload in workloads)
            await workload.Admission.DisposeAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        // A call is over before its thread has looked for the next, and its turn before that.
        await UntilAsync(() => workloads.TrueForAll(workload => workload.Admission.Turns == 0) && threads.Prompt.Running == 0 && threads.Slow.Running == 0);
        await threads.DisposeAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.All(workloads, workload => Assert.Equal(0, workload.Admission.Running));
        Assert.All(workloads, workload => Assert.Equal(0, workload.Misuses));
        Assert.All(all, call => Assert.Equal(1, call.Ends));
        Assert.All(all, call => Assert.Equal(call.Outcome == "ran" ? 1 : 0, call.Begins));
        Assert.Equal(0, threads.Count);
        output.WriteLine($"seed {seed}: {string.Join(", ", all.GroupBy(call => call.Outcome).Select(group => $"{group.Count()} {group.Key}"))}");
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var started = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(1, TestContext.Current.CancellationToken))
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "the condition did not come true");
    }
}
