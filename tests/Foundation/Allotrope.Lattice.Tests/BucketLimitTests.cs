using Allotrope.Conformance;
using Allotrope.Kernel;

namespace Allotrope.Lattice.Tests;

public sealed class BucketLimitTests
{
    readonly ManualTime _time = new();

    [Fact]
    public async Task A_full_bucket_takes_nothing_more_until_something_is_deleted()
    {
        await using var lattice = new InProcessLattice(_time);
        var bucket = await lattice.OpenBucketAsync(new BucketOptions("b"));
        var value = new byte[LatticeLimits.ValueLength]; // shared, so that the test does not need what the bucket counts
        var fitting = (int)(LatticeLimits.BucketLength / LatticeLimits.ValueLength) - 1;
        for (var i = 0; i < fitting; i++)
            await bucket.PutAsync($"k{i}", value);
        var error = await Assert.ThrowsAsync<FaultException>(() => bucket.PutAsync("more", value).AsTask());
        Assert.IsType<Fault.Exhausted>(error.Fault);
        await bucket.PutAsync("k0", value);
        await bucket.DeleteAsync("k1");
        await bucket.PutAsync("more", value);
    }

    [Fact]
    public async Task A_watch_that_is_never_read_is_given_up()
    {
        await using var lattice = new InProcessLattice(_time);
        var bucket = await lattice.OpenBucketAsync(new BucketOptions("b"));
        await using var watch = await bucket.WatchAsync();
        for (var i = 0; i <= LatticeLimits.WatchBacklog; i++)
            await bucket.PutAsync($"k{i}", default);
        var error = await Assert.ThrowsAsync<FaultException>(async () => await watch.ReadAllAsync().CountAsync());
        Assert.IsType<Fault.Exhausted>(error.Fault);
    }

    [Fact]
    public void Values_that_are_always_written_again_leave_no_heap_of_old_expiries()
    {
        var state = new BucketState();
        for (var i = 1; i <= 10_000; i++)
            state.Apply(BucketChange.Put("a", default, i, _time.GetUtcNow() + TimeSpan.FromSeconds(i)));
        var taken = 0;
        while (state.TryTakeExpired(DateTimeOffset.MaxValue, out _))
            taken++;
        Assert.Equal(1, taken);
    }

    [Fact]
    public async Task A_value_may_live_longer_than_a_timer_can_be_set()
    {
        await using var lattice = new InProcessLattice(_time);
        var bucket = await lattice.OpenBucketAsync(new BucketOptions("b"));
        await bucket.PutAsync("a", default, TimeSpan.FromDays(100));
        await bucket.PutAsync("b", default, TimeSpan.MaxValue);
        await using var watch = await bucket.WatchAsync();
        for (var i = 0; i < 3; i++)
            await watch.Events.ReadAsync(); // two values and Current
        _time.Advance(TimeSpan.FromDays(99));
        Assert.Equal(["a", "b"], await bucket.KeysAsync().ToListAsync());
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["b"], await bucket.KeysAsync().ToListAsync());
        Assert.True(watch.Events.TryRead(out var told) && told is WatchEvent.Removed { Key: "a" });
    }

    [Fact]
    public async Task A_bucket_of_more_keys_than_may_wait_can_be_watched_while_it_is_written()
    {
        await using var lattice = new InProcessLattice(_time);
        var bucket = await lattice.OpenBucketAsync(new BucketOptions("b"));
        for (var i = 0; i <= LatticeLimits.WatchBacklog; i++)
            await bucket.PutAsync($"k{i}", default);
        await using var watch = await bucket.WatchAsync();
        await bucket.PutAsync("new", default);
        for (var i = 0; i <= LatticeLimits.WatchBacklog; i++)
            Assert.IsType<WatchEvent.Put>(await watch.Events.ReadAsync());
        Assert.IsType<WatchEvent.Current>(await watch.Events.ReadAsync());
        Assert.Equal("new", Assert.IsType<WatchEvent.Put>(await watch.Events.ReadAsync()).Entry.Key);
    }
}
