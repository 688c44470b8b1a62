using Allotrope.Contracts;
using Allotrope.Kernel;
using static Allotrope.Blobstore.Tests.BlobstoreWorld;

namespace Allotrope.Blobstore.Tests;

public sealed class ObjectTests : IAsyncLifetime
{
    BlobstoreWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await StartAsync();
        await _world.AskAsync(new BlobOperation.CreateContainer("c"));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task An_object_comes_back_as_it_was_written(int length)
    {
        await _world.PutAsync("c", "a", Bytes(length));
        Assert.Equal(Bytes(length), await _world.GetAsync("c", "a"));
        var found = await _world.AskAsync(new BlobOperation.Find("c", "a"));
        Assert.Equal((_world.Time.GetUtcNow(), length), (found.CreatedAt, found.Size));
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a\0b")]
    [InlineData("..")]
    [InlineData("ä \u202e 😀\n")]
    public async Task Any_text_is_a_name_and_none_is_a_path(string name)
    {
        await _world.AskAsync(new BlobOperation.CreateContainer(name));
        await _world.PutAsync(name, name, [1, 2, 3]);
        Assert.Equal([1, 2, 3], await _world.GetAsync(name, name));
        Assert.Equal([name], await _world.ListAsync(name));
        Assert.Matches("^[0-9a-f]{32}$", Path.GetFileName(Assert.Single(_world.Files)));
    }

    [Fact]
    public async Task Names_that_are_empty_too_long_or_no_text_are_refused()
    {
        foreach (var name in new[] { "", new('a', 65_536), new('ä', 600) })
        {
            Assert.IsType<Fault.Invalid>(await FaultOfPutAsync("c", name));
            Assert.IsType<Fault.Invalid>(await _world.FaultOfAsync(new BlobOperation.CreateContainer(name)));
        }
        await _world.PutAsync("c", new('ä', 512), []);
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => BlobName.Check("object", "a\ud800")).Fault);
    }

    [Fact]
    public async Task Files_and_folder_are_their_owner_s_only()
    {
        await _world.PutAsync("c", "a", [1]);
        Assert.Equal(OwnerOnlyFile.Folder, File.GetUnixFileMode(_world.Contents));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(_world.Files)));
    }

    [Fact]
    public async Task The_last_of_several_writers_wins_whole()
    {
        var uploads = await Task.WhenAll(Enumerable.Range(0, 20).Select(seed => _world.UploadAsync(Bytes(100_000, seed))));
        await Task.WhenAll(uploads.Select(upload => _world.AskAsync(new BlobOperation.Commit(upload, 100_000, "c", "a"))));
        var content = await _world.GetAsync("c", "a");
        Assert.Contains(Enumerable.Range(0, 20), seed => Bytes(100_000, seed).AsSpan().SequenceEqual(content));
        Assert.Equal(1, await _world.FilesAsync(1));
    }

    [Fact]
    public async Task A_reader_reads_on_when_its_object_is_overwritten_or_deleted()
    {
        await _world.PutAsync("c", "a", Bytes(200_000));
        var open = await _world.AskAsync(new BlobOperation.Open("c", "a"));
        await _world.AskAsync(new BlobOperation.Read(open.Id, 0, 1000));
        await _world.PutAsync("c", "a", [9]);
        await _world.AskAsync(new BlobOperation.DeleteContainer("c"));
        Assert.Equal(Bytes(200_000), await _world.ReadAsync(open.Id, open.Size));
        await _world.AskAsync(new BlobOperation.Close(open.Id));
        Assert.Equal(0, await _world.FilesAsync(0));
    }

    [Fact]
    public async Task Any_part_of_an_object_can_be_read()
    {
        await _world.PutAsync("c", "a", Bytes(100_000));
        var open = await _world.AskAsync(new BlobOperation.Open("c", "a"));
        Assert.Equal(Bytes(100_000)[70_000..70_010], (await _world.AskAsync(new BlobOperation.Read(open.Id, 70_000, 10))).Bytes.ToArray());
        Assert.Equal(Bytes(100_000)[99_990..], (await _world.AskAsync(new BlobOperation.Read(open.Id, 99_990, 1000))).Bytes.ToArray());
        Assert.Empty((await _world.AskAsync(new BlobOperation.Read(open.Id, 100_000, 1))).Bytes.ToArray());
        Assert.IsType<Fault.Invalid>(await _world.FaultOfAsync(new BlobOperation.Read(open.Id, 100_001, 1)));
        Assert.IsType<Fault.Invalid>(await _world.FaultOfAsync(new BlobOperation.Read(open.Id, -1, 1)));
        Assert.IsType<Fault.Exhausted>(await _world.FaultOfAsync(new BlobOperation.Read(open.Id, 0, BlobCall.MostBytes + 1)));
    }

    [Fact]
    public async Task A_half_upload_is_seen_by_nobody_and_leaves_nothing_when_abandoned()
    {
        var upload = await _world.UploadAsync(Bytes(70_000));
        Assert.Empty(await _world.ListAsync("c"));
        await _world.AskAsync(new BlobOperation.Abandon(upload));
        Assert.Equal(0, await _world.FilesAsync(0));
        Assert.IsType<Fault.NotFound>(await _world.FaultOfAsync(new BlobOperation.Commit(upload, 70_000, "c", "a")));
    }

    [Fact]
    public async Task An_upload_of_another_length_than_said_is_no_object()
    {
        var upload = await _world.UploadAsync(Bytes(10));
        Assert.IsType<Fault.Invalid>(await _world.FaultOfAsync(new BlobOperation.Append(upload, 11, new byte[1])));
        Assert.IsType<Fault.Invalid>(await _world.FaultOfAsync(new BlobOperation.Commit(upload, 9, "c", "a")));
        Assert.Empty(await _world.ListAsync("c"));
    }

    [Fact]
    public async Task What_is_silent_for_long_is_given_up()
    {
        await _world.PutAsync("c", "a", [1]);
        var (upload, reader) = (await _world.UploadAsync([1, 2]), (await _world.AskAsync(new BlobOperation.Open("c", "a"))).Id);
        _world.Time.Advance(BlobstoreLimits.Idle - TimeSpan.FromMinutes(1));
        await _world.AskAsync(new BlobOperation.Append(upload, 2, new byte[1])); // heard of
        _world.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Contains("nothing was heard of it", (await _world.FaultOfAsync(new BlobOperation.Read(reader, 0, 1))).Message, StringComparison.Ordinal);
        await _world.AskAsync(new BlobOperation.Append(upload, 3, new byte[1]));
        _world.Time.Advance(BlobstoreLimits.Idle + TimeSpan.FromMinutes(1));
        Assert.IsType<Fault.NotFound>(await _world.FaultOfAsync(new BlobOperation.Append(upload, 4, new byte[1])));
        Assert.Equal(1, await _world.FilesAsync(1));
    }

    [Fact]
    public async Task A_copy_is_another_object_and_a_move_is_the_same_elsewhere()
    {
        await _world.AskAsync(new BlobOperation.CreateContainer("d"));
        await _world.PutAsync("c", "a", [1, 2]);
        await _world.AskAsync(new BlobOperation.Copy("c", "a", "d", "b"));
        await _world.AskAsync(new BlobOperation.Move("c", "a", "c", "z"));
        await _world.AskAsync(new BlobOperation.Move("c", "z", "c", "z"));
        Assert.Equal(["z"], await _world.ListAsync("c"));
        await _world.AskAsync(new BlobOperation.DeleteContainer("c"));
        Assert.Equal([1, 2], await _world.GetAsync("d", "b"));
        Assert.IsType<Fault.NotFound>(await _world.FaultOfAsync(new BlobOperation.Copy("d", "none", "d", "b")));
        Assert.IsType<Fault.NotFound>(await _world.FaultOfAsync(new BlobOperation.Copy("d", "b", "c", "b")));
    }

    [Fact]
    public async Task Names_come_in_pages_in_ordinal_order()
    {
        var wanted = Enumerable.Range(0, BlobCall.MostNames + 500).Select(i => $"n{i:0000}").ToList();
        await _world.PutAsync("c", "n0000", []);
        await Task.WhenAll(wanted.Skip(1).Select(name => _world.AskAsync(new BlobOperation.Copy("c", "n0000", "c", name))));
        var first = await _world.AskAsync(new BlobOperation.List("c", null));
        Assert.Equal(BlobCall.MostNames, first.Names.Count);
        await _world.AskAsync(new BlobOperation.Delete("c", [first.Next!])); // where it stopped may be gone
        var second = await _world.AskAsync(new BlobOperation.List("c", first.Next));
        Assert.Null(second.Next);
        Assert.Equal(wanted, first.Names.Concat(second.Names));
    }

    [Fact]
    public async Task Deleting_passes_over_what_is_not_there_and_clearing_keeps_the_container()
    {
        foreach (var name in new[] { "a", "b", "d" })
            await _world.PutAsync("c", name, [1]);
        await _world.AskAsync(new BlobOperation.Delete("c", ["a", "none", "a"]));
        Assert.Equal(["b", "d"], await _world.ListAsync("c"));
        await _world.AskAsync(new BlobOperation.Clear("c"));
        Assert.Empty(await _world.ListAsync("c"));
        Assert.Equal(0, await _world.FilesAsync(0));
        Assert.IsType<Fault.Exhausted>(await _world.FaultOfAsync(new BlobOperation.Delete("c", new string[BlobCall.MostNames + 1])));
    }

    [Fact]
    public async Task A_container_is_made_once_and_what_is_in_none_is_not_found()
    {
        Assert.IsType<Fault.Conflict>(await _world.FaultOfAsync(new BlobOperation.CreateContainer("c")));
        Assert.NotNull((await _world.AskAsync(new BlobOperation.FindContainer("c"))).CreatedAt);
        Assert.Null((await _world.AskAsync(new BlobOperation.FindContainer("none"))).CreatedAt);
        foreach (var operation in new BlobOperation[]
        {
            new BlobOperation.List("none", null), new BlobOperation.Find("none", "a"), new BlobOperation.Open("none", "a"), new BlobOperation.Open("c", "a"),
            new BlobOperation.Delete("none", ["a"]), new BlobOperation.Clear("none"), new BlobOperation.DeleteContainer("none"),
        })
            Assert.IsType<Fault.NotFound>(await _world.FaultOfAsync(operation));
        Assert.IsType<Fault.NotFound>(await FaultOfPutAsync("none", "a"));
    }

    [Fact]
    public async Task A_full_store_says_so_and_has_room_again_when_something_goes()
    {
        _world.Capacity = "1Mi";
        await _world.AssignAsync(Link());
        await _world.PutAsync("c", "a", Bytes(900_000));
        var error = (await Assert.ThrowsAsync<FaultException>(() => _world.PutAsync("c", "b", Bytes(200_000)))).Fault;
        Assert.Contains("at most 1048576 bytes", Assert.IsType<Fault.Exhausted>(error).Message, StringComparison.Ordinal);
        await _world.AskAsync(new BlobOperation.Delete("c", ["a"]));
        Assert.Equal(1, await _world.FilesAsync(1)); // the upload that found no room
        await _world.PutAsync("c", "b", Bytes(200_000));
    }

    [Fact]
    public async Task What_is_deleted_makes_room_for_the_next_at_once()
    {
        _world.Capacity = "1Mi";
        await _world.AssignAsync(Link());
        for (var i = 0; i < 20; i++)
        {
            await _world.PutAsync("c", "a", Bytes(900_000));
            await _world.AskAsync(new BlobOperation.Delete("c", ["a"]));
        }
    }

    async Task<Fault> FaultOfPutAsync(string container, string name) =>
        (await Assert.ThrowsAsync<FaultException>(() => _world.PutAsync(container, name, [1]))).Fault;
}
