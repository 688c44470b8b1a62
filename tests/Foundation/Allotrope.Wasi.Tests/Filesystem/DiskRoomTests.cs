using Allotrope.Components;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Tests.Filesystem;

/// <summary>A directory of 100 KB in which a guest counts what it takes.</summary>
public sealed class DiskRoomTests : IDisposable
{
    const int Name = DiskRoom.PerName;
    const int Most = 100_000;

    readonly string _folder = Directory.CreateTempSubdirectory("room-").FullName;
    readonly DiskRoom _room;
    readonly WasiState _state;

    public DiskRoomTests()
    {
        _room = new DiskRoom(_folder, Most);
        _state = Guest(_room);
    }

    public void Dispose()
    {
        _state.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    WasiState Guest(DiskRoom room) => new() { Preopens = [new(_folder, "/data") { Room = room }] };

    IDescriptor Root => _state.Filesystem.GetDirectories()[0].Item1;

    static IDescriptor Make(IDescriptor folder, string path) =>
        folder.OpenAt(PathFlags.None, path, OpenFlags.Create, DescriptorFlags.Read | DescriptorFlags.Write).Value;

    /// <summary>What is counted is what a fresh look counts.</summary>
    void IsCountedRight() => Assert.Equal(new DiskRoom(_folder, Most).Used, _room.Used);

    [Fact]
    public void What_is_written_counts_by_the_lengths_of_files_and_their_names()
    {
        using var file = Make(Root, "file");
        Assert.Equal(1000u, file.Write(new byte[1000], 0).Value);
        Assert.Equal(1000u, file.Write(new byte[1000], 500).Value);

        Assert.Equal(Name + 1500, _room.Used);
        IsCountedRight();
    }

    [Fact]
    public void What_there_is_no_room_for_is_refused_and_nothing_of_it_is_written()
    {
        using var file = Make(Root, "file");
        Assert.True(file.Write(new byte[90_000], 0).IsOk);

        Assert.Equal(ErrorCode.InsufficientSpace, file.Write(new byte[10_000], 90_000).Error);
        Assert.Equal(90_000u, file.Stat().Value.Size);
        Assert.True(file.Write(new byte[10_000], 0).IsOk); // over what is there already
        Assert.True(file.Write(new byte[Most - Name - 90_000], 90_000).IsOk);
        Assert.Equal(Most, _room.Used);
        Assert.Equal(ErrorCode.InsufficientSpace, Root.CreateDirectoryAt("folder").Error);
        Assert.Equal(ErrorCode.InsufficientSpace, Root.OpenAt(PathFlags.None, "other", OpenFlags.Create, DescriptorFlags.Write).Error);
        Assert.Equal(ErrorCode.InsufficientSpace, Root.SymlinkAt("file", "link").Error);
        Assert.Equal(ErrorCode.InsufficientSpace, Root.LinkAt(PathFlags.None, "file", Root, "link").Error);
        IsCountedRight();
    }

    [Fact]
    public void Streams_count_too()
    {
        using var file = Make(Root, "file");
        using (var output = file.WriteViaStream(0).Value)
            Assert.True(output.CheckWrite().IsOk && output.Write(new byte[50_000]).IsOk);
        using (var output = file.AppendViaStream().Value)
        {
            Assert.True(output.CheckWrite().IsOk && output.Write(new byte[40_000]).IsOk);
            Assert.True(output.CheckWrite().IsOk);
            var full = Assert.IsType<StreamError.LastOperationFailed>(output.Write(new byte[40_000]).Error);
            Assert.Equal(ErrorCode.InsufficientSpace, _state.Filesystem.FilesystemErrorCode(full.Value));
        }

        Assert.Equal(Name + 90_000, _room.Used);
        IsCountedRight();
    }

    [Fact]
    public void A_length_that_is_only_claimed_counts_as_well()
    {
        using var file = Make(Root, "file");
        Assert.Equal(ErrorCode.InsufficientSpace, file.SetSize(1UL << 40).Error);
        Assert.True(file.SetSize(50_000).IsOk);
        Assert.Equal(Name + 50_000, _room.Used);
        Assert.True(file.SetSize(10).IsOk);
        Assert.Equal(Name + 10, _room.Used);
        Assert.Equal(ErrorCode.InsufficientSpace, file.Write(new byte[1], long.MaxValue - 1).Error);
        Assert.Equal(ErrorCode.InsufficientSpace, file.Write(new byte[2], long.MaxValue).Error);
        IsCountedRight();
    }

    [Fact]
    public void What_is_removed_is_free_again()
    {
        Make(Root, "file").Write(new byte[50_000], 0);
        Assert.True(Root.CreateDirectoryAt("folder").IsOk);
        Assert.True(Root.SymlinkAt("file", "link").IsOk);
        Assert.Equal((3 * Name) + 50_000, _room.Used);

        Assert.True(Root.RemoveDirectoryAt("folder").IsOk);
        Assert.True(Root.UnlinkFileAt("link").IsOk);
        Assert.Equal(ErrorCode.NoEntry, Root.UnlinkFileAt("nothing").Error);
        Assert.Equal(Name + 50_000, _room.Used);
        IsCountedRight();
    }

    [Fact]
    public void A_file_without_a_name_counts_until_it_is_closed()
    {
        var file = Make(Root, "file");
        var input = file.ReadViaStream(0).Value;
        Assert.True(file.Write(new byte[60_000], 0).IsOk);
        Assert.True(Root.UnlinkFileAt("file").IsOk);
        Assert.Equal(60_000, _room.Used);
        Assert.Equal(ErrorCode.InsufficientSpace, file.Write(new byte[60_000], 60_000).Error);
        Assert.True(file.Write(new byte[10_000], 60_000).IsOk);
        Assert.Equal(70_000, _room.Used);

        file.Dispose();
        Assert.Equal(70_000, _room.Used);
        input.Dispose();
        Assert.Equal(0, _room.Used);
    }

    [Fact]
    public void A_directory_that_was_removed_counts_until_it_is_closed()
    {
        Assert.True(Root.CreateDirectoryAt("folder").IsOk);
        var folder = Root.OpenAt(PathFlags.None, "folder", OpenFlags.Directory, DescriptorFlags.Read).Value;
        var entries = folder.ReadDirectory().Value;
        Assert.True(Root.RemoveDirectoryAt("folder").IsOk);
        Assert.Equal(Name, _room.Used);

        folder.Dispose();
        Assert.Equal(Name, _room.Used);
        entries.Dispose();
        Assert.Equal(0, _room.Used);
        IsCountedRight();
    }

    [Fact]
    public void What_the_disk_keeps_for_a_full_directory_counts_until_it_is_removed_and_closed()
    {
        var names = Enumerable.Range(0, 40).Select(i => new string('n', 250) + i).ToArray();
        var room = new DiskRoom(_folder, 1_000_000);
        using var state = Guest(room);
        var root = state.Filesystem.GetDirectories()[0].Item1;
        Assert.True(root.CreateDirectoryAt("folder").IsOk);
        Assert.True(root.CreateDirectoryAt("other").IsOk);
        foreach (var name in names)
            Make(root, $"folder/{name}").Dispose();
        foreach (var name in names)
            Assert.True(root.UnlinkFileAt($"folder/{name}").IsOk);
        var before = room.Used;
        var folder = root.OpenAt(PathFlags.None, "folder", OpenFlags.Directory, DescriptorFlags.Read).Value;
        Assert.True(root.RenameAt("other", root, "folder").IsOk); // which removes it as well
        Assert.Equal(before, room.Used);

        folder.Dispose();
        Assert.Equal(Name, room.Used);
        Assert.Equal(room.Used, new DiskRoom(_folder, Most).Used);
    }

    [Fact]
    public void A_guest_that_ends_gives_back_what_it_had_removed()
    {
        using (var guest = Guest(_room))
        {
            var root = guest.Filesystem.GetDirectories()[0].Item1;
            Make(root, "file").Write(new byte[1000], 0);
            Assert.True(root.CreateDirectoryAt("folder").IsOk);
            root.OpenAt(PathFlags.None, "folder", OpenFlags.Directory, DescriptorFlags.Read).Value.ReadDirectory();
            Assert.True(root.RemoveDirectoryAt("folder").IsOk && root.UnlinkFileAt("file").IsOk);
            Assert.Equal(Name + 1000, _room.Used);
        }

        Assert.Equal(0, _room.Used);
    }

    [Fact]
    public void A_file_of_two_names_has_one_length()
    {
        using (var file = Make(Root, "one"))
            file.Write(new byte[1000], 0);
        Assert.True(Root.LinkAt(PathFlags.None, "one", Root, "two").IsOk);
        Assert.Equal((2 * Name) + 1000, _room.Used);
        IsCountedRight();

        Assert.True(Root.RenameAt("one", Root, "two").IsOk); // nothing, says POSIX: both are the same file
        Assert.Equal((2 * Name) + 1000, _room.Used);
        Assert.True(Root.UnlinkFileAt("one").IsOk);
        Assert.Equal(Name + 1000, _room.Used);
        Assert.True(Root.UnlinkFileAt("two").IsOk);
        Assert.Equal(0, _room.Used);
    }

    [Fact]
    public void What_is_renamed_over_is_free_again()
    {
        using (var file = Make(Root, "old"))
            file.Write(new byte[40_000], 0);
        using (var file = Make(Root, "new"))
            file.Write(new byte[1000], 0);

        Assert.True(Root.RenameAt("new", Root, "old").IsOk);
        Assert.Equal(Name + 1000, _room.Used);
        Assert.True(Root.RenameAt("old", Root, "elsewhere").IsOk);
        Assert.Equal(Name + 1000, _room.Used);
        IsCountedRight();
    }

    [Fact]
    public void Opening_again_counts_no_name_and_emptying_gives_back()
    {
        using (var file = Make(Root, "file"))
            file.Write(new byte[40_000], 0);
        using (Make(Root, "file"))
            Assert.Equal(Name + 40_000, _room.Used);
        using (Root.OpenAt(PathFlags.None, "file", OpenFlags.Create | OpenFlags.Truncate, DescriptorFlags.Write).Value)
            Assert.Equal(Name, _room.Used);

        Assert.Equal(ErrorCode.Exist, Root.OpenAt(PathFlags.None, "file", OpenFlags.Create | OpenFlags.Exclusive, DescriptorFlags.Write).Error);
        IsCountedRight();
    }

    [Fact]
    public void A_file_made_by_way_of_a_link_counts()
    {
        Assert.True(Root.SymlinkAt("target", "link").IsOk);
        using (var file = Root.OpenAt(PathFlags.SymlinkFollow, "link", OpenFlags.Create, DescriptorFlags.Write).Value)
            file.Write(new byte[10], 0);

        Assert.Equal((2 * Name) + 10, _room.Used);
        IsCountedRight();
    }

    [Fact]
    public void Two_guests_of_one_room_share_it()
    {
        using var other = Guest(_room);
        using var theirs = Make(other.Filesystem.GetDirectories()[0].Item1, "theirs");
        using var ours = Make(Root, "ours");
        Assert.True(ours.Write(new byte[60_000], 0).IsOk);

        Assert.Equal(ErrorCode.InsufficientSpace, theirs.Write(new byte[60_000], 0).Error);
        Assert.True(Root.UnlinkFileAt("ours").IsOk);
        ours.Dispose();
        Assert.True(theirs.Write(new byte[60_000], 0).IsOk);
    }

    [Fact]
    public void What_was_there_before_counts_and_stays()
    {
        File.WriteAllBytes(Path.Combine(_folder, "large"), new byte[Most]);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "out"), "/");
        var room = new DiskRoom(_folder, Most);
        Assert.Equal(Most + (2 * Name), room.Used);

        using var state = Guest(room);
        using var file = state.Filesystem.GetDirectories()[0].Item1.OpenAt(PathFlags.None, "large", OpenFlags.None, DescriptorFlags.Read | DescriptorFlags.Write).Value;
        Assert.Equal(ErrorCode.InsufficientSpace, file.Write(new byte[1], Most).Error);
        Assert.True(file.Write(new byte[Most], 0).IsOk);
        Assert.True(file.SetSize(10).IsOk);
        Assert.True(file.Write(new byte[1000], 10).IsOk);
    }

    [Fact]
    public void Directories_deeper_than_any_path_of_the_host_are_counted()
    {
        const int depth = 300; // of 20 letters: PATH_MAX is 4096
        var name = new string('d', 20);
        var room = new DiskRoom(_folder, 10_000_000);
        using var state = Guest(room);
        var here = state.Filesystem.GetDirectories()[0].Item1;
        for (var i = 0; i < depth; i++)
        {
            Assert.True(here.CreateDirectoryAt(name).IsOk);
            var next = here.OpenAt(PathFlags.None, name, OpenFlags.Directory, DescriptorFlags.Read | DescriptorFlags.MutateDirectory).Value;
            here.Dispose();
            here = next;
        }

        using (var file = Make(here, "file"))
            file.Write(new byte[1000], 0);
        Assert.Equal(((depth + 1) * Name) + 1000, room.Used);
        Assert.Equal(room.Used, new DiskRoom(_folder, 10_000_000).Used);

        // No path leads down there, so that it has to come up
        here.UnlinkFileAt("file");
        here.Dispose();
        var root = state.Filesystem.GetDirectories()[0].Item1;
        while (root.RenameAt($"{name}/{name}", root, "below").IsOk)
            Assert.True(root.RemoveDirectoryAt(name).IsOk && root.RenameAt("below", root, name).IsOk);
        Assert.Equal(Name, room.Used);
    }

    [Fact]
    public void What_the_disk_keeps_for_a_directory_that_was_full_counts()
    {
        var names = Enumerable.Range(0, 40).Select(i => new string('n', 250) + i).ToArray();
        var room = new DiskRoom(_folder, 1_000_000);
        using var state = Guest(room);
        var root = state.Filesystem.GetDirectories()[0].Item1;
        Assert.True(root.CreateDirectoryAt("folder").IsOk);
        foreach (var name in names)
            Make(root, $"folder/{name}").Dispose();
        foreach (var name in names.SkipLast(1))
            Assert.True(root.UnlinkFileAt($"folder/{name}").IsOk);
        Assert.True(root.RenameAt($"folder/{names[^1]}", root, "file").IsOk);

        using (var folder = root.OpenAt(PathFlags.None, "folder", OpenFlags.Directory, DescriptorFlags.Read).Value)
            Assert.Equal((2 * Name) + Math.Max(0, (long)folder.Stat().Value.Size - Name), room.Used); // some disks shrink it, ext4 does not
        var again = new DiskRoom(_folder, 1_000_000);
        Assert.Equal(room.Used, again.Used);

        using var later = Guest(again);
        Assert.True(later.Filesystem.GetDirectories()[0].Item1.RemoveDirectoryAt("folder").IsOk);
        Assert.Equal(Name, again.Used);
    }

    [Fact]
    public void Nothing_is_moved_out_of_a_room()
    {
        using var other = new WasiState { Preopens = [new(_folder, "/data") { Room = _room }, new(_folder, "/free")] };
        var folders = other.Filesystem.GetDirectories();
        Make(folders[0].Item1, "file").Dispose();

        Assert.Equal(ErrorCode.CrossDevice, folders[0].Item1.RenameAt("file", folders[1].Item1, "moved").Error);
        Assert.Equal(ErrorCode.CrossDevice, folders[0].Item1.LinkAt(PathFlags.None, "file", folders[1].Item1, "moved").Error);
    }

    [Fact]
    public async Task Guests_that_change_things_at_once_are_counted_right()
    {
        var token = TestContext.Current.CancellationToken;
        await Parallel.ForAsync(0, 4, token, (number, _) =>
        {
            using var state = Guest(_room);
            var root = state.Filesystem.GetDirectories()[0].Item1;
            var random = new System.Random(number);
            for (var turn = 0; turn < 500; turn++)
            {
                var name = $"{random.Next(4)}";
                switch (random.Next(5))
                {
                    case 0:
                        root.UnlinkFileAt(name);
                        break;
                    case 1:
                        root.RenameAt(name, root, $"{random.Next(4)}");
                        break;
                    case 2:
                        root.LinkAt(PathFlags.None, name, root, $"{random.Next(4)}");
                        break;
                    default:
                        if (root.OpenAt(PathFlags.None, name, random.Next(2) == 0 ? OpenFlags.Create : OpenFlags.Create | OpenFlags.Truncate, DescriptorFlags.Write) is { IsOk: true, Value: var file })
                        {
                            file.Write(new byte[random.Next(20_000)], (ulong)random.Next(20_000));
                            file.Dispose();
                        }
                        break;
                }
            }
            return ValueTask.CompletedTask;
        });

        Assert.InRange(_room.Used, 0, Most);
        IsCountedRight();
    }
}
