using System.Text;
using Allotrope.Conformance;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Lattice.Tests;

public sealed class DurableBucketTests
{
    static readonly BucketOptions Options = new("b", Durable: true);

    readonly HeldRecord _record = new();

    [Fact]
    public async Task A_write_is_neither_acknowledged_nor_seen_before_it_is_on_disk()
    {
        await using var lattice = new InProcessLattice(new ManualTime(), _record);
        var bucket = await lattice.OpenBucketAsync(Options);
        await using var watch = await bucket.WatchAsync();
        Assert.IsType<WatchEvent.Current>(await watch.Events.ReadAsync());
        var put = bucket.PutAsync("a", Bytes("1")).AsTask();
        await _record.Arrived.Task;
        Assert.False(put.IsCompleted);
        Assert.Null(await bucket.GetAsync("a"));
        Assert.False(watch.Events.TryRead(out _));
        _record.Let();
        Assert.Equal(1, await put);
        Assert.NotNull(await bucket.GetAsync("a"));
        Assert.IsType<WatchEvent.Put>(await watch.Events.ReadAsync());
    }

    [Fact]
    public async Task Writes_that_come_while_the_disk_is_busy_share_one_append()
    {
        await using var lattice = new InProcessLattice(new ManualTime(), _record);
        var bucket = await lattice.OpenBucketAsync(Options);
        var first = bucket.PutAsync("first", Bytes("1")).AsTask();
        await _record.Arrived.Task;
        var others = Enumerable.Range(0, 100).Select(i => bucket.PutAsync($"k{i}", Bytes("2")).AsTask()).ToList();
        _record.Let(2);
        await Task.WhenAll([first, .. others]);
        Assert.Equal([1, 100], _record.Appends);
    }

    [Fact]
    public async Task Writes_of_one_batch_see_each_other()
    {
        await using var lattice = new InProcessLattice(new ManualTime(), _record);
        var bucket = await lattice.OpenBucketAsync(Options);
        var first = bucket.PutAsync("a", Bytes("1")).AsTask();
        await _record.Arrived.Task;
        var update = bucket.UpdateAsync("a", Bytes("2"), expectedRevision: 1).AsTask();
        var late = bucket.UpdateAsync("a", Bytes("3"), expectedRevision: 1).AsTask();
        var create = bucket.UpdateAsync("a", Bytes("4"), expectedRevision: 0).AsTask();
        var delete = bucket.DeleteAsync("a").AsTask();
        var again = bucket.UpdateAsync("a", Bytes("5"), expectedRevision: 0).AsTask();
        _record.Let(2);
        Assert.Equal((1L, 2L, true, 4L), (await first, await update, await delete, await again));
        Assert.IsType<Fault.Conflict>((await Assert.ThrowsAsync<FaultException>(() => late)).Fault);
        Assert.IsType<Fault.Conflict>((await Assert.ThrowsAsync<FaultException>(() => create)).Fault);
        Assert.Equal("5", Text(await bucket.GetAsync("a")));
    }

    [Fact]
    public async Task A_write_the_disk_refuses_changes_nothing_and_the_next_one_may_succeed()
    {
        await using var lattice = new InProcessLattice(new ManualTime(), _record);
        var bucket = await lattice.OpenBucketAsync(Options);
        _record.Let(10);
        await bucket.PutAsync("a", Bytes("1"));
        _record.Failure = new Fault.Exhausted("The disk is full.");
        var error = await Assert.ThrowsAsync<FaultException>(() => bucket.PutAsync("a", Bytes("2")).AsTask());
        Assert.Equal(_record.Failure, error.Fault);
        Assert.Equal("1", Text(await bucket.GetAsync("a")));
        _record.Failure = null;
        Assert.Equal(2, await bucket.UpdateAsync("a", Bytes("3"), expectedRevision: 1));
    }

    [Fact]
    public async Task Closing_the_lattice_awaits_the_writes_under_way()
    {
        var lattice = new InProcessLattice(new ManualTime(), _record);
        var bucket = await lattice.OpenBucketAsync(Options);
        var put = bucket.PutAsync("a", Bytes("1")).AsTask();
        await _record.Arrived.Task;
        var closing = lattice.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        _record.Let();
        await closing;
        Assert.Equal(1, await put);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => bucket.PutAsync("a", Bytes("2")).AsTask());
    }

    [Fact]
    public async Task A_durable_bucket_needs_a_record()
    {
        await using var lattice = new InProcessLattice(new ManualTime());
        var error = await Assert.ThrowsAsync<FaultException>(() => lattice.OpenBucketAsync(Options).AsTask());
        Assert.IsType<Fault.Invalid>(error.Fault);
    }

    [Fact]
    public async Task A_journal_that_outgrows_its_bucket_becomes_a_snapshot()
    {
        var folder = Directory.CreateTempSubdirectory("allotrope-bucket-");
        await using (var record = SqliteRecord.Open(Path.Combine(folder.FullName, "record.db"), TimeProvider.System))
        await using (var lattice = new InProcessLattice(TimeProvider.System, record))
        {
            var bucket = await lattice.OpenBucketAsync(Options);
            for (var i = 0; i < 30; i++)
                await bucket.PutAsync("a", new byte[100_000]);
            await bucket.PutAsync("last", Bytes("1"));
            Assert.NotNull(await record.ReadSnapshotAsync("bucket.b"));
            var kept = await record.ReadAsync("bucket.b", (await record.ReadSnapshotAsync("bucket.b"))!.Revision).CountAsync();
            Assert.InRange(kept, 1, 15);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Whatever_bytes_lie_in_the_record_they_are_a_change_or_damage()
    {
        var random = new Random(5);
        var whole = BucketCodec.Write(BucketChange.Put("some.key", Bytes("some value"), 1, null)).Data.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var data = random.Next(2) == 0 ? new byte[random.Next(40)] : whole[..random.Next(whole.Length)];
            if (random.Next(2) == 0)
                random.NextBytes(data);
            Damaged(() => BucketCodec.Read(new RecordedEvent("bucket.b", 1, default, "put", data)));
            Damaged(() => Assert.True(BucketCodec.ReadSnapshot("bucket.b", new RecordSnapshot(1, data)).Count() <= data.Length));
        }
    }

    static void Damaged(Action act)
    {
        try
        {
            act();
        }
        catch (FaultException error)
        {
            Assert.IsType<Fault.Damaged>(error.Fault);
        }
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static string Text(BucketEntry? entry) => Encoding.UTF8.GetString(entry!.Value.Span);
}
