using Allotrope.Lattice;

namespace Allotrope.Conformance;

public abstract partial class LatticeKit
{
    [Fact]
    public async Task A_durable_bucket_survives_a_restart()
    {
        var bucket = await Bucket("kept", durable: true);
        await bucket.PutAsync("a", Bytes("1"));
        await bucket.PutAsync("b", Bytes("2"));
        await bucket.PutAsync("a", Bytes("3"));
        await bucket.DeleteAsync("b");
        await Reopen();
        bucket = await Bucket("kept", durable: true);
        Assert.Equal("3", Text((await bucket.GetAsync("a"))!.Value));
        Assert.Equal(["a"], await bucket.KeysAsync().ToListAsync());
    }

    [Fact]
    public async Task Revisions_go_on_after_a_restart()
    {
        var bucket = await Bucket("kept", durable: true);
        var seen = await bucket.PutAsync("a", Bytes("1"));
        await bucket.PutAsync("b", Bytes("1"));
        await bucket.DeleteAsync("b");
        await Reopen();
        bucket = await Bucket("kept", durable: true);
        Assert.True(await bucket.UpdateAsync("a", Bytes("2"), seen) > seen + 2);
    }

    [Fact]
    public async Task A_life_goes_on_over_a_restart()
    {
        var bucket = await Bucket("kept", durable: true);
        await bucket.PutAsync("short", Bytes("1"), TimeSpan.FromSeconds(1));
        await bucket.PutAsync("long", Bytes("2"), TimeSpan.FromHours(1));
        await Reopen();
        await PassAsync(TimeSpan.FromSeconds(1.1));
        bucket = await Bucket("kept", durable: true);
        Assert.Equal(["long"], await bucket.KeysAsync().ToListAsync());
    }

    [Fact]
    public async Task A_watch_of_a_durable_bucket_tells_what_was_there_before_the_restart()
    {
        await (await Bucket("kept", durable: true)).PutAsync("a", Bytes("1"));
        await Reopen();
        await using var watch = await (await Bucket("kept", durable: true)).WatchAsync();
        Assert.Equal(["a=1", "current"], await Told(watch, 2));
    }

    [Fact]
    public async Task Concurrent_durable_writes_are_all_there_after_a_restart()
    {
        var bucket = await Bucket("kept", durable: true);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => bucket.PutAsync($"k{i:000}", Bytes($"{i}")).AsTask()));
        await Reopen();
        bucket = await Bucket("kept", durable: true);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"k{i:000}"), await bucket.KeysAsync().ToListAsync());
    }

    [Fact]
    public async Task Compare_and_set_of_a_durable_bucket_loses_no_update()
    {
        var bucket = await Bucket("kept", durable: true);
        await bucket.PutAsync("counter", Bytes("0"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
                await Increment(bucket, "counter");
        }));
        Assert.Equal("40", Text((await bucket.GetAsync("counter"))!.Value));
    }

    [Fact]
    public async Task A_durable_bucket_written_again_and_again_keeps_the_newest()
    {
        var bucket = await Bucket("kept", durable: true);
        var large = new string('x', 200_000);
        for (var i = 0; i < 30; i++)
            await bucket.PutAsync($"k{i % 2}", Bytes($"{i} {large}"));
        await Reopen();
        bucket = await Bucket("kept", durable: true);
        Assert.Equal($"28 {large}", Text((await bucket.GetAsync("k0"))!.Value));
        Assert.Equal($"29 {large}", Text((await bucket.GetAsync("k1"))!.Value));
    }
}
