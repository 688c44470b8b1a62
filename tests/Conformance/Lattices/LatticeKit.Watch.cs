using Allotrope.Lattice;

namespace Allotrope.Conformance;

public abstract partial class LatticeKit
{
    [Fact]
    public async Task A_watch_of_an_empty_bucket_is_current_at_once()
    {
        await using var watch = await (await Bucket()).WatchAsync();
        Assert.Equal("current", await Told(watch));
    }

    [Fact]
    public async Task A_watch_tells_first_what_is_there()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"));
        await bucket.PutAsync("b", Bytes("2"));
        await bucket.PutAsync("a", Bytes("3"));
        await bucket.PutAsync("gone", Bytes("4"));
        await bucket.DeleteAsync("gone");
        await using var watch = await bucket.WatchAsync();
        Assert.Equal(["b=2", "a=3", "current"], await Told(watch, 3));
    }

    [Fact]
    public async Task A_watch_of_changes_tells_nothing_of_what_was_there()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"));
        await using var watch = await bucket.WatchChangesAsync();
        await bucket.PutAsync("b", Bytes("2"));
        await bucket.DeleteAsync("a");
        Assert.Equal(["current", "b=2", "a removed"], await Told(watch, 3));
    }

    [Fact]
    public async Task A_watch_tells_every_change_that_follows()
    {
        var bucket = await Bucket();
        await using var watch = await bucket.WatchAsync();
        Assert.Equal("current", await Told(watch));
        await bucket.PutAsync("a", Bytes("1"));
        Assert.Equal("a=1", await Told(watch));
        await bucket.PutAsync("a", Bytes("2"));
        Assert.Equal("a=2", await Told(watch));
        await bucket.DeleteAsync("a");
        Assert.Equal("a removed", await Told(watch));
    }

    [Fact]
    public async Task A_watch_tells_revisions()
    {
        var bucket = await Bucket();
        await using var watch = await bucket.WatchAsync();
        var revision = await bucket.PutAsync("a", Bytes("1"));
        await bucket.DeleteAsync("a");
        WatchEvent told;
        while ((told = await NextEvent(watch)) is not WatchEvent.Removed)
            if (told is WatchEvent.Put put)
                Assert.Equal(revision, put.Entry.Revision);
        var removed = (WatchEvent.Removed)told;
        Assert.True(removed.Revision > revision);
    }

    [Fact]
    public async Task A_watch_is_told_only_of_keys_that_match()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("n2.a", Bytes("0"));
        await using var watch = await bucket.WatchAsync("n1.>");
        await bucket.PutAsync("n2.b", Bytes("1"));
        await bucket.PutAsync("n1.a", Bytes("2"));
        Assert.Equal(["current", "n1.a=2"], await Told(watch, 2));
    }

    [Fact]
    public async Task A_refused_write_is_not_told()
    {
        var bucket = await Bucket();
        await using var watch = await bucket.WatchAsync();
        await bucket.PutAsync("a", Bytes("1"));
        await Assert.ThrowsAnyAsync<Exception>(() => bucket.UpdateAsync("a", Bytes("2"), 0).AsTask());
        await bucket.PutAsync("b", Bytes("3"));
        Assert.Equal(["current", "a=1", "b=3"], await Told(watch, 3));
    }

    [Fact]
    public async Task A_watcher_that_falls_behind_is_told_the_newest_value_of_each_key()
    {
        var bucket = await Bucket();
        await using var watch = await bucket.WatchAsync();
        for (var i = 0; i < 100; i++)
            await bucket.PutAsync($"k{i % 3}", Bytes($"{i}"));
        await bucket.PutAsync("end", default);
        var told = await ToldUntil(watch, "end=");
        Assert.Equal("99", told.Last(text => text.StartsWith("k0=", StringComparison.Ordinal))[3..]);
        Assert.Equal("97", told.Last(text => text.StartsWith("k1=", StringComparison.Ordinal))[3..]);
        Assert.Equal("98", told.Last(text => text.StartsWith("k2=", StringComparison.Ordinal))[3..]);
    }

    [Fact]
    public async Task A_watcher_is_never_told_an_older_value_after_a_newer()
    {
        var bucket = await Bucket();
        await using var watch = await bucket.WatchAsync();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
                await bucket.PutAsync($"k{i % 7}", Bytes($"{i}"));
            await bucket.PutAsync("end", default);
        });
        var newest = 0L;
        while (await NextEvent(watch) is var one && one is not WatchEvent.Put { Entry.Key: "end" })
            if (one is WatchEvent.Put { Entry: var entry })
            {
                Assert.True(entry.Revision > newest);
                newest = entry.Revision;
            }
        await writing;
    }

    [Fact]
    public async Task Watches_do_not_disturb_each_other()
    {
        var bucket = await Bucket();
        await using var slow = await bucket.WatchAsync();
        await using var quick = await bucket.WatchAsync();
        await bucket.PutAsync("a", Bytes("1"));
        Assert.Equal(["current", "a=1"], await Told(quick, 2));
        Assert.Equal(["current", "a=1"], await Told(slow, 2));
    }

    [Fact]
    public async Task A_disposed_watch_ends()
    {
        var bucket = await Bucket();
        var watch = await bucket.WatchAsync();
        var reading = watch.ReadAllAsync().ToListAsync().AsTask();
        await watch.DisposeAsync();
        Assert.DoesNotContain(await reading.WaitAsync(Patience), one => one is not WatchEvent.Current);
    }

    [Fact]
    public async Task Expiry_is_told_as_removal()
    {
        var bucket = await Bucket();
        await using var watch = await bucket.WatchAsync();
        var revision = await bucket.PutAsync("a", Bytes("1"), TimeSpan.FromSeconds(1));
        Assert.Equal(["current", "a=1"], await Told(watch, 2));
        await PassAsync(TimeSpan.FromSeconds(1.1));
        var removed = Assert.IsType<WatchEvent.Removed>(await NextEvent(watch));
        Assert.True(removed.Revision > revision);
    }

    protected static async Task<WatchEvent> NextEvent(Watch watch)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await watch.Events.ReadAsync(patience.Token);
    }

    protected static async Task<string> Told(Watch watch) => await NextEvent(watch) switch
    {
        WatchEvent.Put { Entry: var entry } => $"{entry.Key}={Text(entry.Value)}",
        WatchEvent.Removed { Key: var key } => $"{key} removed",
        _ => "current",
    };

    protected static async Task<List<string>> Told(Watch watch, int count)
    {
        List<string> told = [];
        while (told.Count < count)
            told.Add(await Told(watch));
        return told;
    }

    static async Task<List<string>> ToldUntil(Watch watch, string last)
    {
        List<string> told = [];
        while (told is [] || told[^1] != last)
            told.Add(await Told(watch));
        return told;
    }
}
