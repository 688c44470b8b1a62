using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Preview1;

namespace Allotrope.Wasi.Tests.Preview1;

/// <summary>Names in directories: what makes, moves and removes them.</summary>
public sealed class DirectoryTests : IDisposable
{
    const ErrorNumber Ok = ErrorNumber.Success;

    const ErrorNumber Exists = (ErrorNumber)20, IsDirectory = (ErrorNumber)31, Loop = (ErrorNumber)32, NoEntry = (ErrorNumber)44, NotDirectory = (ErrorNumber)54,
        NotEmpty = (ErrorNumber)55, NotPermitted = (ErrorNumber)63;

    readonly Calls _guest = new();

    public void Dispose() => _guest.Dispose();

    void Make(string folder) => Assert.Equal(Ok, _guest.At("path_create_directory", folder));

    void Touch(string file) => File.WriteAllText(_guest.Host(file), "");

    [Fact]
    public void A_directory_is_renamed_to_nothing_or_over_an_empty_one()
    {
        Make("source");
        Assert.Equal(Ok, _guest.Rename("source", "target"));
        Assert.Equal(NoEntry, _guest.Open("source", Rights.None, OpenFlags.Directory));
        Make("source");
        Assert.Equal(Ok, _guest.Rename("source", "target"));
        Touch("target/file");
        Make("source");
        Assert.Equal(NotEmpty, _guest.Rename("source", "target"));
        Assert.Equal(NotDirectory, _guest.Rename("source", "target/file"));
        Assert.Equal(Ok, _guest.Open("source", Rights.None, OpenFlags.Directory));
    }

    [Fact]
    public void A_file_is_renamed_over_a_file_and_not_over_a_directory()
    {
        Touch("other");
        Assert.Equal(Ok, _guest.Rename("file", "other"));
        Assert.Equal("contents", File.ReadAllText(_guest.Host("other")));
        Assert.Equal(Ok, _guest.Rename("other", "other"));
        Make("empty");
        Assert.Equal(IsDirectory, _guest.Rename("other", "empty"));
        Assert.Equal(NoEntry, _guest.Rename("file", "x"));
        Assert.Equal(NotPermitted, _guest.Rename("other", "../other"));
    }

    [Fact]
    public void Slashes_behind_the_names_of_directories_do_not_matter()
    {
        Make("source");
        Assert.Equal(Ok, _guest.Rename("source/", "target"));
        Assert.Equal(Ok, _guest.Rename("target", "source/"));
        Assert.Equal(Ok, _guest.Rename("source/", "target/"));
        Assert.Equal(Ok, _guest.At("path_remove_directory", "target/"));
        Make("again/");
        Assert.Equal(IsDirectory, _guest.At("path_unlink_file", "again/"));
        Assert.Equal(Ok, _guest.At("path_remove_directory", "again"));
    }

    [Fact]
    public void A_slash_behind_the_name_of_a_file_asks_for_a_directory()
    {
        Assert.Equal(NotDirectory, _guest.At("path_unlink_file", "file/"));
        Assert.Equal(NotDirectory, _guest.At("path_remove_directory", "file/"));
        Assert.Equal(NotDirectory, _guest.At("path_remove_directory", "file"));
        Assert.Equal(NotDirectory, _guest.Rename("file/", "x"));
        Assert.Equal(NotDirectory, _guest.Open("file///", Rights.FdRead));
        Assert.Equal(NoEntry, _guest.Link("file", "link/"));
        Assert.Equal(NoEntry, _guest.Symlink("file", "link/"));
        Assert.Contains(_guest.Symlink("sub", "file/"), new[] { Exists, NotDirectory });
        Assert.Equal(Exists, _guest.Symlink("sub", "file"));
        Assert.Equal(Exists, _guest.Symlink("file", "sub/"));
        Assert.Equal(Exists, _guest.Symlink("file", "sub"));
        Assert.Equal(Ok, _guest.At("path_unlink_file", "file"));
    }

    [Fact]
    public void A_directory_with_something_in_it_is_not_removed()
    {
        Make("sub/nested");
        Assert.Equal(NotEmpty, _guest.At("path_remove_directory", "sub"));
        Assert.Equal(Ok, _guest.At("path_remove_directory", "sub/nested"));
        Assert.Equal(Ok, _guest.At("path_remove_directory", "sub"));
        Assert.Equal(NoEntry, _guest.At("path_remove_directory", "sub"));
    }

    [Fact]
    public void What_was_removed_can_be_made_again_while_somebody_has_it_open()
    {
        var file = _guest.Opened("file", Rights.FdRead);
        Assert.Equal(Ok, _guest.At("path_unlink_file", "file"));
        Assert.Equal(Ok, _guest.Open("file", Rights.FdRead, OpenFlags.Create | OpenFlags.Exclusive));
        Assert.Equal("contents", _guest.Read(file));
        var folder = _guest.Opened("sub", Rights.Directory, OpenFlags.Directory);
        Assert.Equal(Ok, _guest.At("path_remove_directory", "sub"));
        Make("sub");
        Assert.Equal(NoEntry, _guest.At("path_create_directory", "within", folder));
    }

    [Fact]
    public void A_hard_link_is_the_same_file_and_needs_a_free_name()
    {
        Assert.Equal(Ok, _guest.Link("file", "sub/twin"));
        Assert.Equal(_guest.Stat("file"), _guest.Stat("sub/twin"));
        Assert.Equal(Exists, _guest.Link("file", "sub/twin"));
        Assert.Equal(Exists, _guest.Link("file", "file"));
        Assert.Equal(Exists, _guest.Link("file", "sub"));
        Assert.Equal(NotPermitted, _guest.Link("sub", "folder"));
    }

    [Fact]
    public void A_hard_link_to_a_symlink_is_to_the_link_itself()
    {
        Assert.Equal(Ok, _guest.Symlink("nothing", "dangling"));
        Assert.Equal(Ok, _guest.Symlink("loop", "loop"));
        Assert.Equal(Ok, _guest.Link("dangling", "twin"));
        Assert.Equal(Ok, _guest.Link("loop", "loop-twin"));
        Assert.Equal(7, _guest.Stat("twin").Type);
        Assert.Equal(Exists, _guest.Link("file", "dangling"));
        Assert.Equal(ErrorNumber.Invalid, _guest.Link("dangling", "followed", flags: 1));
    }

    [Fact]
    public void A_link_that_is_not_to_be_followed_is_not_opened()
    {
        Assert.Equal(Ok, _guest.Symlink("sub", "folder"));
        Assert.Equal(Ok, _guest.Symlink("file", "link"));
        Assert.Equal(Ok, _guest.Symlink("nothing", "dangling"));
        Assert.Equal(Ok, _guest.Symlink("loop", "loop"));
        foreach (var link in new[] { "folder", "link", "dangling", "loop" })
        {
            Assert.Equal(Loop, _guest.OpenItself(link));
            Assert.Contains(_guest.OpenItself(link, OpenFlags.Directory), new[] { Loop, NotDirectory });
        }
        Assert.Equal(Ok, _guest.Open("folder", Rights.None, OpenFlags.Directory));
        Assert.Equal(NotDirectory, _guest.Open("link", Rights.None, OpenFlags.Directory));
        Assert.Equal(NoEntry, _guest.Open("dangling", Rights.None));
        Assert.Equal(Loop, _guest.Open("loop", Rights.None));
    }

    [Fact]
    public void What_is_looked_at_is_the_link_or_what_it_leads_to()
    {
        Assert.Equal(Ok, _guest.Symlink("sub", "folder"));
        Assert.Equal(Ok, _guest.Symlink("file", "link"));
        Assert.Equal((7, 7), (_guest.Stat("folder").Type, _guest.Stat("link").Type));
        Assert.Equal((3, 4), (_guest.Stat("folder", follow: true).Type, _guest.Stat("link", follow: true).Type));
        Assert.Equal((3, 4), (_guest.Stat("sub", follow: true).Type, _guest.Stat("file", follow: true).Type));
        Assert.NotEqual(_guest.Stat("file").Inode, _guest.Stat("sub").Inode);
        Assert.Equal(_guest.Stat("file").Device, _guest.Stat("sub").Device);
    }

    [Fact]
    public void A_links_target_is_cut_to_the_room_there_is_and_no_more_is_written()
    {
        Assert.Equal(Ok, _guest.Symlink("target", "link"));
        foreach (var (room, kept) in new[] { (10, "target"), (4, "targ"), (0, "") })
        {
            _guest.Memory.Slice(Calls.Buffer, 16).Fill((byte)'-');
            Assert.Equal(Ok, _guest["path_readlink", 3, Calls.Path, _guest.Put("link"), Calls.Buffer, room, Calls.Result]);
            Assert.Equal((uint)kept.Length, _guest.UInt32());
            Assert.Equal(kept.PadRight(16, '-'), _guest.Text(Calls.Buffer, 16));
        }
    }

    [Fact]
    public void Only_the_flags_of_a_time_that_make_sense_change_it()
    {
        Assert.Equal(Ok, _guest["path_filestat_set_times", 3, 0, Calls.Path, _guest.Put("file"), 5, 1_000_000_007, 4]);
        Assert.Equal(ErrorNumber.Invalid, _guest["path_filestat_set_times", 3, 0, Calls.Path, _guest.Put("file"), 5, 9, 4 | 8]);
        Assert.Equal(ErrorNumber.Invalid, _guest["path_filestat_set_times", 3, 0, Calls.Path, _guest.Put("file"), 5, 9, 1 | 2]);
        _guest.Stat("file");
        Assert.Equal(1_000_000_007ul, _guest.UInt64(Calls.Result + 48));
    }
}
