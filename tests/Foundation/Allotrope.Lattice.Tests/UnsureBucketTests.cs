using Allotrope.Conformance;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Lattice.Tests;

/// <summary>A record that fails once, and whether it has written nobody knows.</summary>
public sealed class UnsureBucketTests : IAsyncLifetime
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-bucket-");
    UnsureRecord _record = null!;
    InProcessLattice _lattice = null!;
    IBucket _bucket = null!;

    public async ValueTask InitializeAsync()
    {
        _record = new(SqliteRecord.Open(Path.Combine(_folder.FullName, "record.db"), TimeProvider.System));
        _lattice = new(TimeProvider.System, _record);
        _bucket = await _lattice.OpenBucketAsync(new BucketOptions("b", Durable: true));
        await _bucket.PutAsync("a", new byte[] { 1 });
    }

    public async ValueTask DisposeAsync()
    {
        await _lattice.DisposeAsync();
        await _record.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_write_that_the_record_did_not_take_is_not_there_and_the_next_one_is()
    {
        await FailToPutAsync(UnsureRecord.Fate.Fails);
        Assert.Equal(1, await ValueAsync());
        Assert.Equal(2, await _bucket.PutAsync("a", new byte[] { 3 }));
        Assert.Equal(3, await ValueAsync());
    }

    [Fact]
    public async Task A_write_that_the_record_took_without_saying_so_is_there_and_watchers_are_told()
    {
        await using var watch = await _bucket.WatchChangesAsync();
        Assert.IsType<WatchEvent.Current>(await watch.Events.ReadAsync());
        await FailToPutAsync(UnsureRecord.Fate.FailsWhenWritten);
        Assert.Equal(2, await ValueAsync()); // as it will be after a restart
        Assert.Equal(2, Assert.IsType<WatchEvent.Put>(await watch.Events.ReadAsync()).Entry.Value.Span[0]);
        Assert.Equal(3, await _bucket.UpdateAsync("a", new byte[] { 3 }, expectedRevision: 2));
    }

    [Fact]
    public async Task A_write_is_decided_again_on_what_the_record_took_late()
    {
        await FailToPutAsync(UnsureRecord.Fate.IsWrittenLate);
        var doubled = await _bucket.ChangeAsync("a", entry => BucketEdit.Put(new[] { (byte)(2 * entry!.Value.Span[0]) }));
        Assert.Equal((3L, (byte)4), (doubled!.Revision, doubled.Value.Span[0]));
    }

    [Fact]
    public async Task A_value_whose_end_the_record_did_not_take_ends_when_it_does()
    {
        var time = new ManualTime();
        await using var lattice = new InProcessLattice(time, _record);
        var bucket = await lattice.OpenBucketAsync(new BucketOptions("timed", Durable: true));
        await using var watch = await bucket.WatchChangesAsync();
        Assert.IsType<WatchEvent.Current>(await watch.Events.ReadAsync());
        await bucket.PutAsync("a", new byte[] { 1 }, TimeSpan.FromSeconds(5));
        Assert.IsType<WatchEvent.Put>(await watch.Events.ReadAsync());
        _record.Next = UnsureRecord.Fate.Fails;
        time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 6000 && time.Pending == 0; i++) // until it is to be tried again
            await Task.Delay(10);
        var removed = watch.Events.ReadAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("a", Assert.IsType<WatchEvent.Removed>(await removed.WaitAsync(TimeSpan.FromSeconds(60))).Key);
    }

    async Task FailToPutAsync(UnsureRecord.Fate fate)
    {
        _record.Next = fate;
        var error = await Assert.ThrowsAsync<FaultException>(() => _bucket.PutAsync("a", new byte[] { 2 }).AsTask());
        Assert.Equal(UnsureRecord.Failed, error.Fault);
    }

    async Task<int> ValueAsync() => (await _bucket.GetAsync("a"))!.Value.Span[0];
}
