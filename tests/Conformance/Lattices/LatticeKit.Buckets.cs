using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Conformance;

public abstract partial class LatticeKit
{
    [Fact]
    public async Task A_value_is_read_as_it_was_put()
    {
        var bucket = await Bucket();
        var revision = await bucket.PutAsync("a.b", Bytes("value"));
        var entry = await bucket.GetAsync("a.b");
        Assert.Equal(("a.b", "value", revision), (entry!.Key, Text(entry.Value), entry.Revision));
    }

    [Fact]
    public async Task A_key_never_put_is_absent() => Assert.Null(await (await Bucket()).GetAsync("a"));

    [Fact]
    public async Task A_value_may_be_empty()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", default);
        Assert.Equal(0, (await bucket.GetAsync("a"))!.Value.Length);
    }

    [Fact]
    public async Task Every_change_raises_the_revision()
    {
        var bucket = await Bucket();
        var first = await bucket.PutAsync("a", Bytes("1"));
        var second = await bucket.PutAsync("b", Bytes("2"));
        var third = await bucket.PutAsync("a", Bytes("3"));
        Assert.True(0 < first && first < second && second < third, $"{first}, {second}, {third} do not rise.");
    }

    [Fact]
    public async Task A_bucket_opened_twice_is_the_same()
    {
        await (await Bucket()).PutAsync("a", Bytes("1"));
        Assert.Equal("1", Text((await (await Bucket()).GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task Buckets_keep_their_keys_apart()
    {
        await (await Bucket("one")).PutAsync("a", Bytes("1"));
        Assert.Null(await (await Bucket("two")).GetAsync("a"));
    }

    [Fact]
    public async Task A_bucket_opened_with_other_options_is_a_conflict()
    {
        await Lattice.OpenBucketAsync(new BucketOptions("b", TimeSpan.FromSeconds(1)));
        await Fails<Fault.Conflict>(() => Lattice.OpenBucketAsync(new BucketOptions("b")).AsTask());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("é")]
    public async Task A_malformed_bucket_name_is_refused(string name) =>
        await Fails<Fault.Invalid>(() => Lattice.OpenBucketAsync(new BucketOptions(name)).AsTask());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a.*")]
    [InlineData(">")]
    [InlineData("ü")]
    public async Task A_malformed_key_is_refused(string key)
    {
        var bucket = await Bucket();
        await Fails<Fault.Invalid>(() => bucket.PutAsync(key, default).AsTask());
        await Fails<Fault.Invalid>(() => bucket.GetAsync(key).AsTask());
        await Fails<Fault.Invalid>(() => bucket.DeleteAsync(key).AsTask());
    }

    [Fact]
    public async Task A_value_beyond_its_bound_is_refused()
    {
        var bucket = await Bucket();
        await Fails<Fault.Invalid>(() => bucket.PutAsync("a", new byte[LatticeLimits.ValueLength + 1]).AsTask());
    }

    [Fact]
    public async Task An_update_at_the_revision_seen_succeeds()
    {
        var bucket = await Bucket();
        var revision = await bucket.PutAsync("a", Bytes("1"));
        await bucket.PutAsync("other", Bytes("x"));
        await bucket.UpdateAsync("a", Bytes("2"), revision);
        Assert.Equal("2", Text((await bucket.GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task An_update_at_another_revision_is_a_conflict_and_changes_nothing()
    {
        var bucket = await Bucket();
        var old = await bucket.PutAsync("a", Bytes("1"));
        await bucket.PutAsync("a", Bytes("2"));
        await Fails<Fault.Conflict>(() => bucket.UpdateAsync("a", Bytes("3"), old).AsTask());
        Assert.Equal("2", Text((await bucket.GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task An_update_at_revision_zero_creates()
    {
        var bucket = await Bucket();
        await bucket.UpdateAsync("a", Bytes("1"), 0);
        await Fails<Fault.Conflict>(() => bucket.UpdateAsync("a", Bytes("2"), 0).AsTask());
    }

    [Fact]
    public async Task A_deleted_key_can_be_created_again()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"));
        await bucket.DeleteAsync("a");
        await bucket.UpdateAsync("a", Bytes("2"), 0);
        Assert.Equal("2", Text((await bucket.GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task A_deleted_key_is_absent()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"));
        Assert.True(await bucket.DeleteAsync("a"));
        Assert.Null(await bucket.GetAsync("a"));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_no_error()
    {
        var bucket = await Bucket();
        Assert.False(await bucket.DeleteAsync("a"));
        Assert.False(await bucket.DeleteAsync("a", expectedRevision: 7));
    }

    [Fact]
    public async Task Deleting_at_another_revision_is_a_conflict()
    {
        var bucket = await Bucket();
        var revision = await bucket.PutAsync("a", Bytes("1"));
        await Fails<Fault.Conflict>(() => bucket.DeleteAsync("a", revision + 1).AsTask());
        Assert.True(await bucket.DeleteAsync("a", revision));
    }

    [Fact]
    public async Task Compare_and_set_loses_no_update()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("counter", Bytes("0"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await Task.Yield();
            for (var i = 0; i < 25; i++)
                await Increment(bucket, "counter");
        }));
        Assert.Equal("200", Text((await bucket.GetAsync("counter"))!.Value));
    }

    [Fact]
    public async Task Keys_are_listed_in_ordinal_order()
    {
        var bucket = await Bucket();
        foreach (var key in (string[])["b", "a.c", "a", "B", "a.b"])
            await bucket.PutAsync(key, default);
        Assert.Equal(["B", "a", "a.b", "a.c", "b"], await bucket.KeysAsync().ToListAsync());
    }

    [Fact]
    public async Task Keys_are_listed_by_pattern_without_the_deleted()
    {
        var bucket = await Bucket();
        foreach (var key in (string[])["n1.a", "n1.b", "n2.a"])
            await bucket.PutAsync(key, default);
        await bucket.DeleteAsync("n1.b");
        Assert.Equal(["n1.a"], await bucket.KeysAsync("n1.*").ToListAsync());
    }

    [Fact]
    public async Task Keys_are_listed_page_by_page_though_some_come_and_go_in_between()
    {
        var bucket = await Bucket();
        foreach (var key in (string[])["b", "a.c", "a", "B", "a.b"])
            await bucket.PutAsync(key, default);
        Assert.Equal(["B", "a"], await bucket.KeysAfterAsync(null, 2));
        await bucket.DeleteAsync("a");
        await bucket.DeleteAsync("a.b");
        await bucket.PutAsync("a.bb", default);
        Assert.Equal(["a.bb", "a.c"], await bucket.KeysAfterAsync("a", 2));
        Assert.Equal(["b"], await bucket.KeysAfterAsync("a.c", 2));
        Assert.Empty(await bucket.KeysAfterAsync("b", 2));
        Assert.Empty(await bucket.KeysAfterAsync("zzz", 2));
    }

    [Fact]
    public async Task What_has_expired_is_on_no_page()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"), TimeSpan.FromSeconds(1));
        await bucket.PutAsync("b", Bytes("2"));
        await PassAsync(TimeSpan.FromSeconds(1.1));
        Assert.Equal(["b"], await bucket.KeysAfterAsync(null, 10));
    }

    [Fact]
    public async Task A_value_lives_as_long_as_its_bucket_says()
    {
        var bucket = await Lattice.OpenBucketAsync(new BucketOptions("leases", TimeSpan.FromSeconds(1)));
        await bucket.PutAsync("a", Bytes("1"));
        await PassAsync(TimeSpan.FromSeconds(1.1));
        Assert.Null(await bucket.GetAsync("a"));
        Assert.Empty(await bucket.KeysAsync().ToListAsync());
    }

    [Fact]
    public async Task Writing_again_prolongs_a_life()
    {
        var bucket = await Lattice.OpenBucketAsync(new BucketOptions("leases", TimeSpan.FromSeconds(2)));
        await bucket.PutAsync("a", Bytes("1"));
        await PassAsync(TimeSpan.FromSeconds(1.2));
        await bucket.PutAsync("a", Bytes("2"));
        await PassAsync(TimeSpan.FromSeconds(1.2));
        Assert.Equal("2", Text((await bucket.GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task A_value_may_have_a_life_of_its_own()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"), TimeSpan.FromSeconds(1));
        await bucket.PutAsync("b", Bytes("2"));
        await PassAsync(TimeSpan.FromSeconds(1.1));
        Assert.Equal(["b"], await bucket.KeysAsync().ToListAsync());
    }

    [Fact]
    public async Task An_expired_key_can_be_created_again()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"), TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(1.1));
        await bucket.UpdateAsync("a", Bytes("2"), 0);
        Assert.Equal("2", Text((await bucket.GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task A_life_of_no_length_is_refused()
    {
        var bucket = await Bucket();
        await Fails<Fault.Invalid>(() => bucket.PutAsync("a", default, TimeSpan.Zero).AsTask());
    }

    [Fact]
    public async Task A_change_gets_what_is_there_and_returns_what_it_made()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"));
        var changed = await bucket.ChangeAsync("a", entry => BucketEdit.Put(Bytes(Text(entry!.Value) + "2")));
        Assert.Equal("12", Text(changed!.Value));
        Assert.Equal("12", Text((await bucket.GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task A_change_of_an_absent_key_creates_it()
    {
        var bucket = await Bucket();
        await bucket.ChangeAsync("a", entry => BucketEdit.Put(Bytes(entry is null ? "new" : "old")));
        Assert.Equal("new", Text((await bucket.GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task A_change_may_delete()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"));
        Assert.Null(await bucket.ChangeAsync("a", _ => BucketEdit.Delete));
        Assert.Null(await bucket.GetAsync("a"));
        Assert.Null(await bucket.ChangeAsync("a", _ => BucketEdit.Delete));
    }

    [Fact]
    public async Task A_change_may_leave_everything_as_it_is()
    {
        var bucket = await Bucket();
        var revision = await bucket.PutAsync("a", Bytes("1"));
        Assert.Equal(revision, (await bucket.ChangeAsync("a", _ => BucketEdit.Keep))!.Revision);
        Assert.Null(await bucket.ChangeAsync("absent", _ => BucketEdit.Keep));
    }

    [Fact]
    public async Task A_fault_in_a_change_is_the_answer_and_nothing_changes()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"));
        await Fails<Fault.Refused>(() => bucket.ChangeAsync("a", _ => throw new FaultException(new Fault.Refused("no"))).AsTask());
        Assert.Equal("1", Text((await bucket.GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task A_change_leaves_the_end_of_life_where_it_was()
    {
        var bucket = await Bucket();
        await bucket.PutAsync("a", Bytes("1"), TimeSpan.FromSeconds(2));
        await PassAsync(TimeSpan.FromSeconds(1));
        await bucket.ChangeAsync("a", _ => BucketEdit.Put(Bytes("2")));
        await PassAsync(TimeSpan.FromSeconds(1.1));
        Assert.Null(await bucket.GetAsync("a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changes_at_once_are_each_made(bool durable)
    {
        var bucket = await Bucket(durable: durable);
        await bucket.PutAsync("counter", Bytes("0"));
        var changes = Enumerable.Range(0, 300).Select(_ => bucket.ChangeAsync("counter", entry => BucketEdit.Put(Bytes($"{int.Parse(Text(entry!.Value)) + 1}"))).AsTask());
        var results = await Task.WhenAll(changes);
        Assert.Equal(Enumerable.Range(1, 300), results.Select(entry => int.Parse(Text(entry!.Value))).Order());
    }

    protected async Task<IBucket> Bucket(string name = "b", bool durable = false) =>
        await Lattice.OpenBucketAsync(new BucketOptions(name, Durable: durable));

    protected static async Task Increment(IBucket bucket, string key)
    {
        while (true)
        {
            var entry = await bucket.GetAsync(key);
            try
            {
                await bucket.UpdateAsync(key, Bytes($"{int.Parse(Text(entry!.Value)) + 1}"), entry.Revision);
                return;
            }
            catch (FaultException error) when (error.Fault is Fault.Conflict)
            {
                // Somebody else was first: read again.
            }
        }
    }
}
