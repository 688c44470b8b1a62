using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Preview1;

namespace Allotrope.Wasi.Tests.Preview1;

public sealed class RightsTests : IDisposable
{
    const ErrorNumber Ok = ErrorNumber.Success, No = ErrorNumber.NotCapable;

    readonly Calls _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void What_was_not_asked_for_may_not_be_done()
    {
        var read = _guest.Opened("file", Rights.FdRead);
        var write = _guest.Opened("file", Rights.FdWrite);
        _guest.OneBuffer(1);

        Assert.Equal(No, _guest.Write(read, "x"));
        Assert.Equal(No, _guest["fd_read", write, Calls.List, 1, Calls.Result]);
        Assert.Equal(No, _guest["fd_seek", read, 0, 0, Calls.Result]);
        Assert.Equal(No, _guest["fd_filestat_set_size", write, 0]);
        Assert.Equal(No, _guest["fd_allocate", read, 0, 1]);
        Assert.Equal(No, _guest["fd_filestat_get", read, Calls.Result]);
        Assert.Equal(No, _guest["fd_sync", read]);
        Assert.Equal("contents", File.ReadAllText(_guest.Host("file")));
    }

    [Fact]
    public void Rights_are_given_up_and_never_got_back()
    {
        var file = _guest.Opened("file", Rights.FdRead | Rights.FdSeek);

        Assert.Equal(No, _guest["fd_fdstat_set_rights", file, (long)(Rights.FdRead | Rights.FdWrite), 0]);
        Assert.Equal(Ok, _guest["fd_fdstat_set_rights", file, (long)Rights.FdSeek, 0]);
        Assert.Equal(No, _guest["fd_fdstat_set_rights", file, (long)Rights.FdRead, 0]);
        _guest.OneBuffer(1);
        Assert.Equal(No, _guest["fd_read", file, Calls.List, 1, Calls.Result]);
    }

    [Fact]
    public void A_directory_passes_on_only_what_it_inherits()
    {
        var folder = _guest.Opened(".", Rights.Directory, OpenFlags.Directory, inheriting: Rights.FdRead);

        Assert.Equal(No, _guest.Open("file", Rights.FdWrite, folder: folder));
        Assert.Equal(No, _guest.Open("file", Rights.FdRead, inheriting: Rights.FdWrite, folder: folder));
        Assert.Equal(Ok, _guest.Open("file", Rights.FdRead, folder: folder));
        Assert.Equal(Ok, _guest["fd_fdstat_set_rights", folder, 0, 0]);
        Assert.Equal(No, _guest.Open("file", Rights.None, folder: folder));
    }

    [Fact]
    public void What_changes_a_directory_needs_its_right()
    {
        const Rights looking = Rights.PathOpen | Rights.PathStat | Rights.FdReadDirectory;
        var folder = _guest.Opened(".", looking, OpenFlags.Directory, inheriting: Rights.All);
        int length = _guest.Put("file"), other = _guest.Put("new", Calls.OtherPath);

        Assert.Equal(No, _guest["path_create_directory", folder, Calls.OtherPath, other]);
        Assert.Equal(No, _guest["path_remove_directory", folder, Calls.Path, length]);
        Assert.Equal(No, _guest["path_unlink_file", folder, Calls.Path, length]);
        Assert.Equal(No, _guest["path_symlink", Calls.Path, length, folder, Calls.OtherPath, other]);
        Assert.Equal(No, _guest["path_link", folder, 0, Calls.Path, length, 3, Calls.OtherPath, other]);
        Assert.Equal(No, _guest["path_link", 3, 0, Calls.Path, length, folder, Calls.OtherPath, other]);
        Assert.Equal(No, _guest["path_rename", folder, Calls.Path, length, 3, Calls.OtherPath, other]);
        Assert.Equal(No, _guest["path_rename", 3, Calls.Path, length, folder, Calls.OtherPath, other]);
        Assert.Equal(No, _guest["path_filestat_set_times", folder, 0, Calls.Path, length, 0, 0, 2]);
        Assert.Equal(No, _guest["path_readlink", folder, Calls.Path, length, Calls.Buffer, 10, Calls.Result]);
        Assert.Equal(No, _guest.Open("new", Rights.FdRead, OpenFlags.Create, folder: folder));
        Assert.Equal(No, _guest.Open("file", Rights.FdRead, OpenFlags.Truncate, folder: folder));
    }

    [Fact]
    public void A_directory_granted_for_reading_has_no_right_to_change()
    {
        using var guest = new Calls(root => new WasiState { Preopens = [new(root, "/") { IsReadOnly = true }] });

        Assert.Equal(No, guest.Open("file", Rights.FdWrite));
        Assert.Equal(No, guest.Open("new", Rights.FdRead, OpenFlags.Create));
        Assert.Equal(No, guest["path_unlink_file", 3, Calls.Path, guest.Put("file")]);
        Assert.Equal(Ok, guest.Open("file", Rights.FdRead));
        Assert.Equal("contents", guest.Read((int)guest.UInt32()));
    }
}
