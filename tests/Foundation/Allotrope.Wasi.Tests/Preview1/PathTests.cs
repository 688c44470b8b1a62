using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Preview1;

namespace Allotrope.Wasi.Tests.Preview1;

public sealed class PathTests : IDisposable
{
    const ErrorNumber Ok = ErrorNumber.Success;

    /// <summary>Names of preview 1's errors that only paths give.</summary>
    const ErrorNumber Exists = (ErrorNumber)20, IsDirectory = (ErrorNumber)31, Loop = (ErrorNumber)32, NoEntry = (ErrorNumber)44, NotDirectory = (ErrorNumber)54,
        NotEmpty = (ErrorNumber)55, NotPermitted = (ErrorNumber)63;

    readonly Calls _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../secret")]
    [InlineData("sub/../../secret")]
    [InlineData("..")]
    [InlineData("link")]
    public void No_path_leads_out(string path)
    {
        File.CreateSymbolicLink(_guest.Host("link"), "../secret");

        Assert.Equal(NotPermitted, _guest.Open(path));
        Assert.Equal(NotPermitted, _guest["path_filestat_get", 3, 1, Calls.Path, _guest.Put(path), Calls.Result]);
    }

    [Fact]
    public void Paths_are_what_the_rules_say()
    {
        Assert.Equal(NoEntry, _guest.Open(""));
        Assert.Equal(ErrorNumber.Invalid, _guest.Open("file\0"));
        Assert.Equal(NotDirectory, _guest.Open("file/", Rights.FdRead));
        Assert.Equal(Ok, _guest.Open("./sub/../file"));
        Assert.Equal(Ok, _guest.Open("sub///", Rights.FdReadDirectory));
        Assert.Equal(IsDirectory, _guest.Open("sub", Rights.FdWrite));
        Assert.Equal(NotDirectory, _guest.Open("x", folder: _guest.Opened("file")));
        Assert.Equal(ErrorNumber.NameTooLong, _guest.Open(new string('x', 300)));
        _guest.Memory.Span[Calls.Path] = 0xff;
        Assert.Equal(ErrorNumber.IllegalSequence, _guest["path_create_directory", 3, Calls.Path, 1]);
        Assert.Equal(ErrorNumber.NameTooLong, _guest["path_create_directory", 3, 0, 65_537]);
    }

    [Fact]
    public void Opening_creates_truncates_and_excludes()
    {
        Assert.Equal(NoEntry, _guest.Open("new"));
        Assert.Equal(Ok, _guest.Open("new", open: OpenFlags.Create | OpenFlags.Exclusive));
        Assert.Equal(Exists, _guest.Open("new", open: OpenFlags.Create | OpenFlags.Exclusive));
        Assert.Equal(Ok, _guest.Open("file", open: OpenFlags.Truncate));
        Assert.Equal(0, new FileInfo(_guest.Host("file")).Length);
        Assert.Equal(ErrorNumber.Invalid, _guest.Open("new", open: (OpenFlags)16));
        Assert.Equal(ErrorNumber.Invalid, _guest.Open("new", flags: 32));
        Assert.Equal(NotDirectory, _guest.Open("file", Rights.FdRead, OpenFlags.Directory));
    }

    [Fact]
    public void A_link_at_the_end_is_followed_only_when_asked()
    {
        Assert.Equal(Ok, _guest["path_symlink", Calls.Path, _guest.Put("file"), 3, Calls.OtherPath, _guest.Put("link", Calls.OtherPath)]);

        var length = _guest.Put("link");
        Assert.Equal(Loop, _guest["path_open", 3, 0, Calls.Path, length, 0, (long)Rights.FdRead, 0, 0, Calls.Result]);
        Assert.Equal(Ok, _guest["path_open", 3, 1, Calls.Path, length, 0, (long)Rights.FdRead, 0, 0, Calls.Result]);
        Assert.Equal(Ok, _guest["path_readlink", 3, Calls.Path, length, Calls.Buffer, 2, Calls.Result]);
        Assert.Equal("fi", _guest.Text(Calls.Buffer, (int)_guest.UInt32()));
        Assert.Equal(ErrorNumber.Invalid, _guest["path_filestat_get", 3, 2, Calls.Path, length, Calls.Result]);
        Assert.Equal(NotPermitted, _guest["path_symlink", Calls.Path, _guest.Put("/etc/passwd"), 3, Calls.OtherPath, 4]);
    }

    [Fact]
    public void Directories_and_files_are_made_moved_and_removed()
    {
        int made = _guest.Put("made", Calls.OtherPath), file = _guest.Put("file");

        Assert.Equal(Ok, _guest["path_create_directory", 3, Calls.OtherPath, made]);
        Assert.Equal(Exists, _guest["path_create_directory", 3, Calls.OtherPath, made]);
        Assert.Equal(IsDirectory, _guest["path_rename", 3, Calls.Path, file, 3, Calls.OtherPath, made]);
        Assert.Equal(Ok, _guest["path_link", 3, 0, Calls.Path, file, 3, Calls.OtherPath, _guest.Put("made/twin", Calls.OtherPath)]);
        Assert.Equal(NotEmpty, _guest["path_remove_directory", 3, Calls.OtherPath, 4]);
        Assert.Equal(Ok, _guest["path_unlink_file", 3, Calls.OtherPath, 9]);
        Assert.Equal(Ok, _guest["path_remove_directory", 3, Calls.OtherPath, 4]);
        Assert.Equal(ErrorNumber.Invalid, _guest["path_link", 3, 1, Calls.Path, file, 3, Calls.OtherPath, 4]);
        Assert.Equal(Ok, _guest["path_rename", 3, Calls.Path, file, 3, Calls.OtherPath, _guest.Put("sub/moved", Calls.OtherPath)]);
        Assert.Equal("contents", File.ReadAllText(_guest.Host("sub/moved")));
    }
}
