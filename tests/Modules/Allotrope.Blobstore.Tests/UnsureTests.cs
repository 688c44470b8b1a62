using Allotrope.Conformance;
using Allotrope.Contracts;
using Allotrope.Kernel;
using static Allotrope.Blobstore.Tests.BlobstoreWorld;

namespace Allotrope.Blobstore.Tests;

/// <summary>A record that fails once, and whether it has written nobody knows.</summary>
public sealed class UnsureTests : IAsyncLifetime
{
    BlobstoreWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await StartAsync();
        await _world.AskAsync(new BlobOperation.CreateContainer("c"));
        await _world.PutAsync("c", "old", Bytes(1000));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_object_that_the_record_did_not_take_is_not_there_and_the_next_one_is()
    {
        await FailToPutAsync(UnsureRecord.Fate.Fails);
        Assert.Equal(["old"], await _world.ListAsync("c"));
        await _world.PutAsync("c", "next", Bytes(10, 3));
        await ExpectAsync(("next", 3), ("old", 1));
    }

    [Fact]
    public async Task An_object_that_the_record_took_without_saying_so_is_there_whole()
    {
        await FailToPutAsync(UnsureRecord.Fate.FailsWhenWritten);
        Assert.Equal(["new", "old"], await _world.ListAsync("c")); // as it will be after a restart
        await _world.PutAsync("c", "next", Bytes(10, 3));
        await ExpectAsync(("new", 2), ("next", 3), ("old", 1));
    }

    [Fact]
    public async Task An_object_that_the_record_takes_late_is_there_whole_from_then_on()
    {
        var upload = await FailToPutAsync(UnsureRecord.Fate.IsWrittenLate);
        await _world.AskAsync(new BlobOperation.Abandon(upload));
        Assert.Equal(["old"], await _world.ListAsync("c"));
        await _world.PutAsync("c", "next", Bytes(10, 3));
        await ExpectAsync(("new", 2), ("next", 3), ("old", 1));
    }

    [Fact]
    public async Task A_decision_is_made_again_on_what_the_record_took_late()
    {
        _world.Record.Next = UnsureRecord.Fate.IsWrittenLate;
        await _world.FaultOfAsync(new BlobOperation.CreateContainer("d"));
        Assert.IsType<Fault.Conflict>(await _world.FaultOfAsync(new BlobOperation.CreateContainer("d")));
        await _world.PutAsync("d", "a", [1]);
    }

    [Fact]
    public async Task A_commit_that_the_record_did_not_take_can_be_made_again()
    {
        var upload = await FailToPutAsync(UnsureRecord.Fate.Fails);
        await _world.AskAsync(new BlobOperation.Commit(upload, 1000, "c", "new"));
        await ExpectAsync(("new", 2), ("old", 1));
    }

    [Fact]
    public async Task What_the_record_did_not_take_takes_no_room_once_it_has_taken_something_else()
    {
        _world.Capacity = "1Mi";
        await _world.AssignAsync(Link());
        for (var i = 0; i < 5; i++)
        {
            var upload = await _world.UploadAsync(Bytes(800_000));
            _world.Record.Next = UnsureRecord.Fate.Fails;
            await _world.FaultOfAsync(new BlobOperation.Commit(upload, 800_000, "c", "new"));
            await _world.AskAsync(new BlobOperation.Abandon(upload));
            await _world.AskAsync(new BlobOperation.Copy("c", "old", "c", $"copy{i}"));
            Assert.Equal(1, await _world.FilesAsync(1));
        }
    }

    [Fact]
    public async Task While_the_record_cannot_be_read_either_nothing_changes_and_it_goes_on_when_it_can()
    {
        _world.Record.IsUnreadable = true;
        var upload = await FailToPutAsync(UnsureRecord.Fate.FailsWhenWritten);
        Assert.Equal(UnsureRecord.Failed, await _world.FaultOfAsync(new BlobOperation.Delete("c", ["old"])));
        await _world.AskAsync(new BlobOperation.Abandon(upload));
        await ExpectOfThisRunAsync(("old", 1));
        _world.Record.IsUnreadable = false;
        await _world.PutAsync("c", "next", Bytes(10, 3));
        await ExpectAsync(("new", 2), ("next", 3), ("old", 1));
    }

    [Fact]
    public async Task A_deletion_that_the_record_took_without_saying_so_gives_the_room_back()
    {
        _world.Record.Next = UnsureRecord.Fate.FailsWhenWritten;
        Assert.Equal(UnsureRecord.Failed, await _world.FaultOfAsync(new BlobOperation.Delete("c", ["old"])));
        Assert.Empty(await _world.ListAsync("c"));
        Assert.Equal(0, await _world.FilesAsync(0));
    }

    /// <summary>An upload whose commit failed with what the record said.</summary>
    async Task<string> FailToPutAsync(UnsureRecord.Fate fate)
    {
        var upload = await _world.UploadAsync(Bytes(1000, 2));
        _world.Record.Next = fate;
        Assert.Equal(UnsureRecord.Failed, await _world.FaultOfAsync(new BlobOperation.Commit(upload, 1000, "c", "new")));
        return upload;
    }

    /// <summary>These objects and no other are there, now and after a restart.</summary>
    async Task ExpectAsync(params (string Name, int Seed)[] objects)
    {
        await ExpectOfThisRunAsync(objects);
        await _world.RestartAsync();
        await ExpectOfThisRunAsync(objects);
        Assert.Equal(objects.Length, _world.Files.Length);
    }

    async Task ExpectOfThisRunAsync(params (string Name, int Seed)[] objects)
    {
        Assert.Equal(objects.Select(one => one.Name), await _world.ListAsync("c"));
        foreach (var (name, seed) in objects)
        {
            var content = await _world.GetAsync("c", name);
            Assert.Equal(Bytes(content.Length, seed), content);
        }
    }
}
