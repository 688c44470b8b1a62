using Allotrope.Contracts;
using Allotrope.Kernel;
using static Allotrope.Blobstore.Tests.BlobstoreWorld;

namespace Allotrope.Blobstore.Tests;

/// <summary>A disk that fails: what it did not take is nowhere, what it took before stays.</summary>
public sealed class DiskTests : IAsyncLifetime
{
    BlobstoreWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await StartAsync();
        await _world.AskAsync(new BlobOperation.CreateContainer("c"));
        await _world.PutAsync("c", "a", Bytes(1000));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(DiskTask.Write, "No space left on device")]
    [InlineData(DiskTask.Sync, "Input/output error")]
    [InlineData(DiskTask.SyncFolder, "Input/output error")]
    public async Task An_upload_that_the_disk_refuses_is_no_object_and_the_next_one_is(DiskTask task, string reason)
    {
        _world.Disk.Next = task;
        var told = await FaultOfAsync(() => _world.PutAsync("c", "a", Bytes(1000, 2)));
        Assert.Equal($"The disk takes no more of the object: {reason}. Whoever runs the node has to see to its disk; then try again.", told.Message);
        Assert.Equal(Bytes(1000), await _world.GetAsync("c", "a"));
        await _world.PutAsync("c", "b", Bytes(1000, 3));
        await _world.RestartAsync();
        Assert.Equal(["a", "b"], await _world.ListAsync("c"));
        Assert.Equal(Bytes(1000), await _world.GetAsync("c", "a"));
        Assert.Equal(Bytes(1000, 3), await _world.GetAsync("c", "b"));
    }

    [Fact]
    public async Task A_piece_that_found_no_room_can_be_sent_again()
    {
        var upload = await _world.UploadAsync(Bytes(1000, 2));
        _world.Disk.Next = DiskTask.Write;
        await _world.FaultOfAsync(new BlobOperation.Append(upload, 1000, new byte[800]));
        await _world.AskAsync(new BlobOperation.Append(upload, 1000, new byte[10])); // less than the half that was written
        await _world.AskAsync(new BlobOperation.Commit(upload, 1010, "c", "a"));
        byte[] whole = [.. Bytes(1000, 2), .. new byte[10]];
        Assert.Equal(whole, await _world.GetAsync("c", "a"));
        await _world.RestartAsync();
        Assert.Equal(whole, await _world.GetAsync("c", "a"));
    }

    [Theory]
    [InlineData(DiskTask.Sync)]
    [InlineData(DiskTask.SyncFolder)]
    public async Task What_the_disk_may_have_lost_is_never_committed(DiskTask task)
    {
        var upload = await _world.UploadAsync(Bytes(1000, 2));
        _world.Disk.Next = task;
        await _world.FaultOfAsync(new BlobOperation.Commit(upload, 1000, "c", "a"));
        foreach (var operation in new BlobOperation[] { new BlobOperation.Commit(upload, 1000, "c", "a"), new BlobOperation.Append(upload, 1000, new byte[1]) })
            Assert.IsType<Fault.Damaged>(await _world.FaultOfAsync(operation)); // the system would say that all is well now
        await _world.AskAsync(new BlobOperation.Abandon(upload));
        Assert.Equal(1, await _world.FilesAsync(1));
        Assert.Equal(Bytes(1000), await _world.GetAsync("c", "a"));
    }

    [Fact]
    public async Task A_large_upload_hears_of_the_disk_before_its_end()
    {
        var upload = await _world.UploadAsync(new byte[BlobstoreLimits.BytesPerSync - BlobCall.MostBytes]);
        _world.Disk.Next = DiskTask.Sync;
        var last = new BlobOperation.Append(upload, BlobstoreLimits.BytesPerSync - BlobCall.MostBytes, new byte[BlobCall.MostBytes]);
        Assert.IsType<Fault.Exhausted>(await _world.FaultOfAsync(last));
        Assert.IsType<Fault.Damaged>(await _world.FaultOfAsync(new BlobOperation.Commit(upload, BlobstoreLimits.BytesPerSync, "c", "a")));
    }

    [Fact]
    public async Task Refused_uploads_take_no_room()
    {
        _world.Capacity = "1Mi";
        await _world.AssignAsync(Link());
        foreach (var task in new[] { DiskTask.Write, DiskTask.Sync, DiskTask.SyncFolder, DiskTask.Sync })
        {
            var upload = await _world.UploadAsync(Bytes(800_000));
            _world.Disk.Next = task;
            await FaultOfAsync(() => task == DiskTask.Write
                ? _world.AskAsync(new BlobOperation.Append(upload, 800_000, new byte[100]))
                : _world.AskAsync(new BlobOperation.Commit(upload, 800_000, "c", "b")));
            await _world.AskAsync(new BlobOperation.Abandon(upload));
            Assert.Equal(1, await _world.FilesAsync(1));
        }
        await _world.PutAsync("c", "b", Bytes(1_040_000));
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_just_now_is_not_called_damaged()
    {
        var open = await _world.AskAsync(new BlobOperation.Open("c", "a"));
        _world.Disk.Next = DiskTask.Read;
        var told = Assert.IsType<Fault.Exhausted>(await _world.FaultOfAsync(new BlobOperation.Read(open.Id, 0, 1000)));
        Assert.StartsWith("The object cannot be read: Input/output error.", told.Message, StringComparison.Ordinal);
        Assert.Equal(Bytes(1000), await _world.ReadAsync(open.Id, 1000));
    }

    static async Task<Fault> FaultOfAsync(Func<Task> act) => (await Assert.ThrowsAsync<FaultException>(act)).Fault;
}
