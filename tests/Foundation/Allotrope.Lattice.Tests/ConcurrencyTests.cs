using Allotrope.Conformance;
using Allotrope.Kernel;

namespace Allotrope.Lattice.Tests;

public sealed class ConcurrencyTests
{
    const int Workers = 6;
    const int Steps = 3000;

    [Fact]
    public async Task Serving_that_comes_and_goes_never_runs_a_handler_after_its_end()
    {
        await using var lattice = new InProcessLattice(new ManualTime());
        var unreachable = 0;
        var answered = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(100 + worker);
            for (var step = 0; step < Steps; step++)
                if (random.Next(8) == 0)
                    await ServeForAWhileAsync(lattice, random);
                else
                    try
                    {
                        await lattice.RequestAsync(new Message($"s.{random.Next(3)}"), Timeout.InfiniteTimeSpan);
                        Interlocked.Increment(ref answered);
                    }
                    catch (FaultException error) when (error.Fault is Fault.Unreachable)
                    {
                        Interlocked.Increment(ref unreachable);
                    }
        })));
        Assert.True(answered > 0 && unreachable > 0, $"{answered} answered, {unreachable} unreachable: the two did not meet.");
        var error = await Assert.ThrowsAsync<FaultException>(() => lattice.RequestAsync(new Message("s.0")).AsTask());
        Assert.IsType<Fault.Unreachable>(error.Fault);
    }

    static async Task ServeForAWhileAsync(InProcessLattice lattice, Random random)
    {
        var ended = false;
        var pattern = random.Next(2) == 0 ? "s.*" : $"s.{random.Next(3)}";
        var served = await lattice.ServeAsync(pattern, async (request, _) =>
        {
            Assert.False(Volatile.Read(ref ended));
            await Task.Yield();
            Assert.False(Volatile.Read(ref ended));
            return request;
        }, random.Next(2) == 0 ? "group" : "other");
        for (var i = random.Next(20); i > 0; i--)
            await Task.Yield();
        await served.DisposeAsync();
        Volatile.Write(ref ended, true);
    }

    [Fact]
    public async Task A_bucket_under_many_writers_tells_every_watcher_the_same_end()
    {
        await using var lattice = new InProcessLattice(new ManualTime());
        var bucket = await lattice.OpenBucketAsync(new BucketOptions("b"));
        var watches = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => bucket.WatchAsync().AsTask()));
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(200 + worker);
            for (var step = 0; step < Steps; step++)
                if (random.Next(4) == 0)
                    await bucket.DeleteAsync($"k{random.Next(20)}");
                else
                    await bucket.PutAsync($"k{random.Next(20)}", new[] { (byte)worker });
        })));
        await bucket.PutAsync("end", default);
        Dictionary<string, long> expected = [];
        await foreach (var key in bucket.KeysAsync())
            expected[key] = (await bucket.GetAsync(key))!.Revision;
        foreach (var watch in watches)
            Assert.Equal(expected, await ReplayAsync(watch));
    }

    static async Task<Dictionary<string, long>> ReplayAsync(Watch watch)
    {
        Dictionary<string, long> seen = [];
        await foreach (var one in watch.ReadAllAsync())
            if (one is WatchEvent.Put { Entry: var entry })
            {
                seen[entry.Key] = entry.Revision;
                if (entry.Key == "end")
                    break;
            }
            else if (one is WatchEvent.Removed removed)
                seen.Remove(removed.Key);
        return seen;
    }
}
