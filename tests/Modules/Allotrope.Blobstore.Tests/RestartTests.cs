using Allotrope.Contracts;
using Allotrope.Kernel;
using static Allotrope.Blobstore.Tests.BlobstoreWorld;

namespace Allotrope.Blobstore.Tests;

public sealed class RestartTests : IAsyncLifetime
{
    BlobstoreWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await StartAsync();
        await _world.AskAsync(new BlobOperation.CreateContainer("c"));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Objects_are_there_after_a_restart_as_they_were()
    {
        await _world.PutAsync("c", "a", Bytes(100_000));
        await _world.AskAsync(new BlobOperation.Copy("c", "a", "c", "b"));
        await _world.AskAsync(new BlobOperation.Delete("c", ["a"]));
        var before = await _world.AskAsync(new BlobOperation.Find("c", "b"));
        _world.Time.Advance(TimeSpan.FromDays(1));
        await _world.RestartAsync();
        Assert.Equal(["b"], await _world.ListAsync("c"));
        Assert.Equal(Bytes(100_000), await _world.GetAsync("c", "b"));
        Assert.Equal(before.CreatedAt, (await _world.AskAsync(new BlobOperation.Find("c", "b"))).CreatedAt);
    }

    [Fact]
    public async Task What_no_object_has_is_swept_at_the_start_and_what_one_has_stays()
    {
        await _world.PutAsync("c", "a", [1, 2, 3]);
        var kept = Assert.Single(_world.Files);
        await _world.UploadAsync(Bytes(1000));
        await _world.RestartAsync(() =>
        {
            // As a kill leaves them: an upload that was under way, and something that is none of ours
            File.WriteAllText(Path.Combine(_world.Contents, Guid.AllBitsSet.ToString("N")), "half");
            File.WriteAllText(Path.Combine(_world.Contents, "notes.txt"), "half");
        });
        Assert.Equal(kept, Assert.Single(_world.Files));
        Assert.Equal([1, 2, 3], await _world.GetAsync("c", "a"));
    }

    [Fact]
    public async Task Contents_of_which_a_new_record_knows_nothing_are_not_swept()
    {
        await _world.PutAsync("c", "a", [1, 2, 3]);
        var aside = _world.RecordFile + ".aside";
        var status = await _world.RestartAsync(() => File.Move(_world.RecordFile, aside)); // as the sentence on a damaged record says
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains($"The folder blobs/{BlobstoreWorld.Provider} of the data folder has contents of objects that the record does not know: restore", status.Message, StringComparison.Ordinal);

        Assert.Equal(WorkloadState.Running, (await _world.RestartAsync(() => File.Move(aside, _world.RecordFile, overwrite: true))).State);
        Assert.Equal([1, 2, 3], await _world.GetAsync("c", "a"));
    }

    [Fact]
    public async Task The_capacity_counts_what_was_there_before()
    {
        await _world.PutAsync("c", "a", Bytes(900_000));
        _world.Capacity = "1Mi";
        await _world.RestartAsync();
        Assert.IsType<Fault.Exhausted>((await Assert.ThrowsAsync<FaultException>(() => _world.PutAsync("c", "b", Bytes(200_000)))).Fault);
    }

    [Fact]
    public async Task A_file_that_is_not_what_was_written_is_told_before_its_end()
    {
        await _world.PutAsync("c", "a", Bytes(100_000));
        var file = Assert.Single(_world.Files);
        await _world.RestartAsync(() =>
        {
            using var stream = new FileStream(file, FileMode.Open);
            stream.Seek(50_000, SeekOrigin.Begin);
            stream.WriteByte((byte)(Bytes(100_000)[50_000] ^ 1));
        });
        Assert.IsType<Fault.Damaged>((await Assert.ThrowsAsync<FaultException>(() => _world.GetAsync("c", "a"))).Fault);
    }

    [Fact]
    public async Task A_file_that_is_missing_or_cut_off_is_told_at_once()
    {
        await _world.PutAsync("c", "a", [1, 2, 3]);
        var file = Assert.Single(_world.Files);
        await _world.RestartAsync(() => File.WriteAllBytes(file, [1, 2]));
        var told = Assert.IsType<Fault.Damaged>(await _world.FaultOfAsync(new BlobOperation.Open("c", "a")));
        Assert.Contains($"The file {Path.GetFileName(file)} in blobs/{BlobstoreWorld.Provider} of the data folder", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), told.Message, StringComparison.Ordinal); // a guest hears it
        File.Delete(file);
        Assert.IsType<Fault.Damaged>(await _world.FaultOfAsync(new BlobOperation.Open("c", "a")));
        await _world.PutAsync("c", "a", [4]); // in place of what is lost
        Assert.Equal([4], await _world.GetAsync("c", "a"));
    }

    [Fact]
    public async Task What_the_disk_refuses_is_told_without_saying_where_it_is()
    {
        await _world.PutAsync("c", "a", [1]);
        Directory.Delete(_world.Contents, recursive: true);
        var told = Assert.IsType<Fault.Exhausted>(await _world.FaultOfAsync(new BlobOperation.Begin()));
        Assert.StartsWith("The disk takes no more objects: its folder is missing.", told.Message, StringComparison.Ordinal);
        Assert.IsType<Fault.Damaged>(await _world.FaultOfAsync(new BlobOperation.Open("c", "a")));
        Directory.CreateDirectory(_world.Contents);
    }

    [Fact]
    public async Task Thousands_of_changes_are_read_again_from_a_snapshot()
    {
        await _world.PutAsync("c", "a", [7]);
        var longish = new string('n', 300);
        for (var round = 0; round < 30; round++)
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => _world.AskAsync(new BlobOperation.Copy("c", "a", "c", $"{i}{longish}"))));
        Assert.NotNull(await _world.Record.ReadSnapshotAsync($"blobs.{BlobstoreWorld.Provider}"));
        await _world.RestartAsync();
        Assert.Equal(201, (await _world.ListAsync("c")).Count);
        Assert.Equal([7], await _world.GetAsync("c", $"199{longish}"));
    }
}
