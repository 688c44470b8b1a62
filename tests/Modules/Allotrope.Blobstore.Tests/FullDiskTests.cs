using Allotrope.Conformance;
using Allotrope.Contracts;
using Allotrope.Kernel;
using static Allotrope.Blobstore.Tests.BlobstoreWorld;

namespace Allotrope.Blobstore.Tests;

/// <summary>With contents and record on a disk that is really full.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    readonly SmallDisk _disk = new(8);
    BlobstoreWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await StartInAsync(_disk.Path);
        await _world.AskAsync(new BlobOperation.CreateContainer("c"));
        await _world.PutAsync("c", "old", Bytes(1_000_000));
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        _disk.Dispose();
    }

    [Fact]
    public async Task A_content_that_the_disk_has_no_room_for_is_no_object()
    {
        _disk.Fill();
        _world.Disk.IsForContentsAlone = true;
        var told = (await Assert.ThrowsAsync<FaultException>(() => _world.PutAsync("c", "new", Bytes(1_000_000, 2)))).Fault;
        Assert.StartsWith("The disk takes no more of the object: No space left on device.", Assert.IsType<Fault.Exhausted>(told).Message, StringComparison.Ordinal);
        Assert.Equal(["old"], await _world.ListAsync("c"));
        Assert.Equal(Bytes(1_000_000), await _world.GetAsync("c", "old"));
        _disk.MakeRoom();
        await ExpectNewAsync();
    }

    [Fact]
    public async Task A_disk_full_of_contents_has_room_for_the_record_which_takes_that_they_are_deleted()
    {
        var told = (await Assert.ThrowsAsync<FaultException>(async () =>
        {
            for (var i = 0; ; i++)
                await _world.PutAsync("c", $"more{i}", Bytes(500_000, i));
        })).Fault;
        Assert.StartsWith("The disk takes no more of the object: what is left of it is kept for the node's record.", Assert.IsType<Fault.Exhausted>(told).Message, StringComparison.Ordinal);
        await _world.RestartAsync(); // its log is of no use to the record any more
        foreach (var name in (await _world.ListAsync("c")).Where(name => name.StartsWith("more", StringComparison.Ordinal)))
            await _world.AskAsync(new BlobOperation.Delete("c", [name]));
        await ExpectNewAsync();
    }

    [Fact]
    public async Task A_content_whose_name_the_disk_has_no_room_for_is_no_object_and_can_be_committed_when_there_is()
    {
        var upload = await _world.UploadAsync(Bytes(1_000_000, 2));
        _disk.Fill();
        var told = await FaultOfManyAsync(i => new BlobOperation.Copy("c", "old", "c", $"copy{i}"));
        Assert.Contains("is full: nothing was appended; make room and try again.", told.Message, StringComparison.Ordinal);
        var before = await _world.ListAsync("c");
        Assert.IsType<Fault.Exhausted>(await _world.FaultOfAsync(new BlobOperation.Commit(upload, 1_000_000, "c", "new")));
        Assert.IsType<Fault.Exhausted>(await _world.FaultOfAsync(new BlobOperation.Delete("c", ["old"]))); // that is why contents leave room
        Assert.Equal(before, await _world.ListAsync("c"));
        _disk.MakeRoom();
        await _world.AskAsync(new BlobOperation.Commit(upload, 1_000_000, "c", "new"));
        await _world.AskAsync(new BlobOperation.Delete("c", [.. before.Except(["old"])]));
        await ExpectNewAsync();
    }

    /// <summary>The first fault that one of many operations meets: the record's file has some room of its own.</summary>
    async Task<Fault> FaultOfManyAsync(Func<int, BlobOperation> operation) =>
        (await Assert.ThrowsAsync<FaultException>(async () =>
        {
            for (var i = 0; i < 1000; i++)
                await _world.AskAsync(operation(i));
        })).Fault;

    async Task ExpectNewAsync()
    {
        await _world.PutAsync("c", "new", Bytes(1_000_000, 2));
        await _world.RestartAsync();
        Assert.Equal(["new", "old"], await _world.ListAsync("c"));
        Assert.Equal(Bytes(1_000_000), await _world.GetAsync("c", "old"));
        Assert.Equal(Bytes(1_000_000, 2), await _world.GetAsync("c", "new"));
        Assert.Equal(2, _world.Files.Length);
    }
}
