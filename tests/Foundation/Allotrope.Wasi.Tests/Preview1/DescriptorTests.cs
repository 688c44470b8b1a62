using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Preview1;

namespace Allotrope.Wasi.Tests.Preview1;

public sealed class DescriptorTests : IDisposable
{
    const ErrorNumber Ok = ErrorNumber.Success;

    readonly Calls _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Granted_directories_begin_at_three_and_say_their_names()
    {
        Assert.Equal(Ok, _guest["fd_prestat_get", 3, Calls.Result]);
        Assert.Equal((0u, 1u), (_guest.UInt32(), _guest.UInt32(Calls.Result + 4)));
        Assert.Equal(Ok, _guest["fd_prestat_dir_name", 3, Calls.Buffer, 1]);
        Assert.Equal("/", _guest.Text(Calls.Buffer, 1));
        Assert.Equal(ErrorNumber.NameTooLong, _guest["fd_prestat_dir_name", 3, Calls.Buffer, 0]);
        Assert.Equal(ErrorNumber.BadFile, _guest["fd_prestat_get", 4, Calls.Result]);
        Assert.Equal(ErrorNumber.BadFile, _guest["fd_prestat_get", 0, Calls.Result]);
        Assert.Equal(ErrorNumber.BadFile, _guest["fd_prestat_get", -1, Calls.Result]);
    }

    [Fact]
    public void The_smallest_free_number_is_given()
    {
        Assert.Equal(4, _guest.Opened("file"));
        Assert.Equal(5, _guest.Opened("file"));
        Assert.Equal(Ok, _guest["fd_close", 4]);
        Assert.Equal(ErrorNumber.BadFile, _guest["fd_close", 4]);
        Assert.Equal(4, _guest.Opened("file"));
    }

    [Fact]
    public void A_place_moves_with_reads_and_writes_and_seeks()
    {
        var file = _guest.Opened("file");

        Assert.Equal("con", _guest.Read(file, 3));
        Assert.Equal(Ok, _guest["fd_tell", file, Calls.Result]);
        Assert.Equal(3ul, _guest.UInt64());
        Assert.Equal(Ok, _guest.Write(file, "TE"));
        Assert.Equal("nts", _guest.Read(file));
        Assert.Equal(Ok, _guest["fd_seek", file, -5, 2, Calls.Result]);
        Assert.Equal(3ul, _guest.UInt64());
        Assert.Equal("TEnts", _guest.Read(file));
        Assert.Equal(Ok, _guest["fd_seek", file, -1, 1, Calls.Result]);
        Assert.Equal(7ul, _guest.UInt64());
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_seek", file, -1, 0, Calls.Result]);
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_seek", file, 0, 3, Calls.Result]);
        Assert.Equal(Ok, _guest["fd_seek", file, 100, 0, Calls.Result]);
        Assert.Equal("", _guest.Read(file));
    }

    [Fact]
    public void Reading_at_a_place_does_not_move_it()
    {
        var file = _guest.Opened("file");
        _guest.OneBuffer(3);

        Assert.Equal(Ok, _guest["fd_pread", file, Calls.List, 1, 4, Calls.Result]);
        Assert.Equal("ent", _guest.Text(Calls.Buffer, 3));
        _guest.Put("XYZ", Calls.Buffer);
        Assert.Equal(Ok, _guest["fd_pwrite", file, Calls.List, 1, 0, Calls.Result]);
        Assert.Equal("XYZtents", _guest.Read(file));
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_pread", file, Calls.List, 1, -1, Calls.Result]);
    }

    [Fact]
    public void What_is_opened_to_append_is_written_at_the_end()
    {
        var file = _guest.Opened("file", flags: GuestFile.Append);

        Assert.Equal(Ok, _guest.Write(file, "!"));
        Assert.Equal(Ok, _guest["fd_seek", file, 0, 0, Calls.Result]);
        Assert.Equal(Ok, _guest.Write(file, "?"));
        Assert.Equal("contents!?", File.ReadAllText(_guest.Host("file")));
        Assert.Equal(Ok, _guest["fd_fdstat_set_flags", file, 0]);
        Assert.Equal(Ok, _guest["fd_seek", file, 0, 0, Calls.Result]);
        Assert.Equal(Ok, _guest.Write(file, "C"));
        Assert.Equal("Contents!?", File.ReadAllText(_guest.Host("file")));
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_fdstat_set_flags", file, GuestFile.Sync]);
    }

    [Fact]
    public void A_renumbered_descriptor_takes_the_others_place()
    {
        int one = _guest.Opened("file"), other = _guest.Opened("sub", Rights.Directory, OpenFlags.Directory);

        Assert.Equal(Ok, _guest["fd_renumber", one, other]);
        Assert.Equal("contents", _guest.Read(other));
        Assert.Equal(ErrorNumber.BadFile, _guest["fd_close", one]);
        Assert.Equal(ErrorNumber.BadFile, _guest["fd_renumber", other, 77]);
        Assert.Equal(ErrorNumber.BadFile, _guest["fd_renumber", 77, other]);
        Assert.Equal(Ok, _guest["fd_renumber", other, other]);
    }

    [Fact]
    public void A_file_says_what_it_is()
    {
        var file = _guest.Opened("file", Rights.FdRead | Rights.FdStat);

        Assert.Equal(Ok, _guest["fd_fdstat_get", file, Calls.Result]);
        Assert.Equal(4, _guest.Memory.Span[Calls.Result]);
        Assert.Equal((ulong)(Rights.FdRead | Rights.FdStat), _guest.UInt64(Calls.Result + 8));
        Assert.Equal(Ok, _guest["fd_filestat_get", file, Calls.Result]);
        Assert.Equal((4, 8ul), (_guest.Memory.Span[Calls.Result + 16], _guest.UInt64(Calls.Result + 32)));
        Assert.Equal(Ok, _guest["fd_filestat_get", 1, Calls.Result]);
        Assert.Equal(Ok, _guest["path_filestat_get", 3, 0, Calls.Path, _guest.Put("sub"), Calls.Result]);
        Assert.Equal(3, _guest.Memory.Span[Calls.Result + 16]);
    }

    [Fact]
    public void Times_are_set_by_two_flags_each()
    {
        var file = _guest.Opened("file");

        Assert.Equal(Ok, _guest["fd_filestat_set_times", file, 1_000_000_007, 2_000_000_009, 1 | 4]);
        Assert.Equal(Ok, _guest["fd_filestat_get", file, Calls.Result]);
        Assert.Equal((1_000_000_007ul, 2_000_000_009ul), (_guest.UInt64(Calls.Result + 40), _guest.UInt64(Calls.Result + 48)));
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_filestat_set_times", file, 1, 1, 3]);
        Assert.Equal(ErrorNumber.Invalid, _guest["path_filestat_set_times", 3, 0, Calls.Path, _guest.Put("file"), 1, 1, 4 | 8]);
    }

    [Fact]
    public void Sizes_are_set_and_room_is_made()
    {
        var file = _guest.Opened("file");

        Assert.Equal(Ok, _guest["fd_filestat_set_size", file, 3]);
        Assert.Equal(Ok, _guest["fd_allocate", file, 0, 10]);
        Assert.Equal(10, new FileInfo(_guest.Host("file")).Length);
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_allocate", file, 0, 0]);
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_allocate", file, 1, long.MaxValue]);
        Assert.Equal(Ok, _guest["fd_advise", file, 0, 0, 3]);
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_advise", file, 0, 0, 9]);
        Assert.Equal((Ok, Ok), (_guest["fd_sync", file], _guest["fd_datasync", file]));
    }

    [Fact]
    public void A_directory_has_no_contents_and_a_stream_no_place()
    {
        _guest.OneBuffer(1);

        Assert.Equal(ErrorNumber.BadFile, _guest["fd_seek", 3, 0, 0, Calls.Result]);
        Assert.Equal(ErrorNumber.BadFile, _guest["fd_tell", 3, Calls.Result]);
        Assert.Equal(ErrorNumber.NotCapable, _guest["fd_read", 3, Calls.List, 1, Calls.Result]);
        Assert.Equal(ErrorNumber.IllegalSeek, _guest["fd_seek", 0, 0, 0, Calls.Result]);
        Assert.Equal(ErrorNumber.IllegalSeek, _guest["fd_pread", 0, Calls.List, 1, 0, Calls.Result]);
        Assert.Equal(ErrorNumber.NotCapable, _guest["fd_read", 1, Calls.List, 1, Calls.Result]);
    }

    [Fact]
    public void No_more_files_are_open_than_the_limit_says_and_none_after_the_end()
    {
        using var guest = new Calls(root => new WasiState { Preopens = [new(root, "/")], Limits = new() { Descriptors = 2 } });
        guest.Opened("file");
        guest.Opened("file");

        Assert.NotEqual(Ok, guest.Open("file"));
        guest.State.Dispose();
        Assert.Equal(0, guest.State.OpenFiles);
    }
}
