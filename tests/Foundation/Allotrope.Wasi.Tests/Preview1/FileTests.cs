using System.Buffers.Binary;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Preview1;

namespace Allotrope.Wasi.Tests.Preview1;

/// <summary>What is in files, by lists of buffers, and what a directory has not.</summary>
public sealed class FileTests : IDisposable
{
    const ErrorNumber Ok = ErrorNumber.Success, IsDirectory = (ErrorNumber)31;

    readonly Calls _guest = new();

    public void Dispose() => _guest.Dispose();

    /// <summary>A list of buffers one after the other.</summary>
    int Buffers(params int[] lengths)
    {
        for (int i = 0, at = Calls.Buffer; i < lengths.Length; at += lengths[i++])
        {
            BinaryPrimitives.WriteInt32LittleEndian(_guest.Memory.Slice((ulong)(Calls.List + i * 8), 4), at);
            BinaryPrimitives.WriteInt32LittleEndian(_guest.Memory.Slice((ulong)(Calls.List + i * 8 + 4), 4), lengths[i]);
        }
        return lengths.Length;
    }

    [Fact]
    public void Several_buffers_are_read_and_written_as_one()
    {
        var file = _guest.Opened("new", open: OpenFlags.Create);
        _guest.Put("abcdef", Calls.Buffer);
        Assert.Equal(Ok, _guest["fd_pwrite", file, Calls.List, Buffers(2, 0, 4), 1, Calls.Result]);
        Assert.Equal(6u, _guest.UInt32());
        Assert.Equal("\0abcdef", File.ReadAllText(_guest.Host("new")));
        Assert.Equal(Ok, _guest["fd_pread", file, Calls.List, Buffers(3, 3), 3, Calls.Result]);
        Assert.Equal("cdef", _guest.Text(Calls.Buffer, (int)_guest.UInt32()));
        Assert.Equal(Ok, _guest["fd_pread", file, Calls.List, Buffers(3), 7, Calls.Result]);
        Assert.Equal(0u, _guest.UInt32());
        Assert.Equal(Ok, _guest["fd_tell", file, Calls.Result]);
        Assert.Equal(0ul, _guest.UInt64());
    }

    [Fact]
    public void What_one_descriptor_writes_another_reads()
    {
        int read = _guest.Opened("file", Rights.FdRead), write = _guest.Opened("file", Rights.FdWrite);
        Assert.Equal(Ok, _guest.Write(write, "CON"));
        Assert.Equal("CONtents", _guest.Read(read));
    }

    [Fact]
    public void Truncating_empties_what_others_have_open_too()
    {
        var other = _guest.Opened("file", Rights.FdRead);
        var file = _guest.Opened("file", Rights.FdRead | Rights.FdWrite, OpenFlags.Create | OpenFlags.Truncate);
        Assert.Equal(("", ""), (_guest.Read(file), _guest.Read(other)));
    }

    [Fact]
    public void Truncating_needs_the_right_of_the_directory_only()
    {
        var folder = _guest.Opened(".", Rights.Directory, OpenFlags.Directory, inheriting: Rights.All & ~Rights.FdSetSize);
        Assert.Equal(Ok, _guest.Open("file", Rights.None, OpenFlags.Truncate, folder: folder));
        Assert.Equal(0, new FileInfo(_guest.Host("file")).Length);
        Assert.Equal(Ok, _guest["fd_fdstat_set_rights", folder, (long)(Rights.Directory & ~Rights.PathSetSize), (long)Rights.FdRead]);
        Assert.Equal(ErrorNumber.NotCapable, _guest.Open("file", Rights.None, OpenFlags.Truncate, folder: folder));
    }

    [Fact]
    public void Writing_at_a_place_does_not_move_what_is_opened_to_append()
    {
        var file = _guest.Opened("new", open: OpenFlags.Create, flags: GuestFile.Append);
        Assert.Equal(Ok, _guest.Write(file, "ab"));
        Assert.Equal(Ok, _guest["fd_seek", file, 0, 0, Calls.Result]);
        Assert.Equal(Ok, _guest.Write(file, "cd"));
        _guest.OneBuffer(_guest.Put("XYZ", Calls.Buffer));
        Assert.Equal(Ok, _guest["fd_pwrite", file, Calls.List, 1, 0, Calls.Result]);
        Assert.Equal(Ok, _guest["fd_tell", file, Calls.Result]);
        Assert.Equal(4ul, _guest.UInt64());
        Assert.Equal("XYZd", File.ReadAllText(_guest.Host("new"))); // POSIX: pwrite writes where it is told
    }

    [Fact]
    public void Flags_of_opening_are_told()
    {
        var file = _guest.Opened("new", open: OpenFlags.Create, flags: GuestFile.Append | GuestFile.Sync);
        Assert.Equal(Ok, _guest["fd_fdstat_get", file, Calls.Result]);
        Assert.Equal(GuestFile.Append | GuestFile.Sync, _guest.Memory.Read<ushort>(Calls.Result + 2));
        Assert.Equal(Ok, _guest.Open(".", Rights.None, flags: GuestFile.NonBlocking));
    }

    [Fact]
    public void Room_within_a_file_does_not_make_it_longer()
    {
        var file = _guest.Opened("new", open: OpenFlags.Create);
        foreach (var (offset, length, size) in new[] { (0, 100, 100), (10, 10, 100), (90, 20, 110) })
        {
            Assert.Equal(Ok, _guest["fd_allocate", file, offset, length]);
            Assert.Equal(size, new FileInfo(_guest.Host("new")).Length);
        }
        Assert.Equal(Ok, _guest["fd_advise", file, 10, 50, 0]);
        Assert.Equal(110, new FileInfo(_guest.Host("new")).Length);
    }

    [Fact]
    public void A_directory_is_no_file_in_any_way()
    {
        var folder = _guest.Opened("sub", Rights.Directory | Rights.FdSeek | Rights.FdRead, OpenFlags.Directory);
        ErrorNumber[] refusals = [ErrorNumber.BadFile, ErrorNumber.NotCapable, IsDirectory];
        _guest.OneBuffer(8);
        Assert.Contains(_guest["fd_read", folder, Calls.List, 1, Calls.Result], refusals);
        Assert.Contains(_guest["fd_pread", folder, Calls.List, 1, 0, Calls.Result], refusals);
        Assert.Contains(_guest["fd_write", folder, Calls.List, 1, Calls.Result], refusals);
        Assert.Contains(_guest["fd_pwrite", folder, Calls.List, 1, 0, Calls.Result], refusals);
        for (var whence = 0; whence < 3; whence++)
            Assert.Contains(_guest["fd_seek", folder, 0, whence, Calls.Result], refusals);
        Assert.Contains(_guest["fd_tell", folder, Calls.Result], refusals);
        Assert.Contains(_guest["fd_allocate", folder, 0, 1], refusals);
        Assert.Contains(_guest["fd_filestat_set_size", folder, 0], refusals);
        Assert.Equal(Ok, _guest["fd_fdstat_get", folder, Calls.Result]);
        Assert.Equal(Rights.None, (Rights)_guest.UInt64(Calls.Result + 8) & Rights.FdSeek);
        Assert.Equal(0, _guest.Memory.Read<ushort>(Calls.Result + 2));
    }

    [Fact]
    public void A_directory_is_not_opened_to_be_written()
    {
        Assert.Equal(IsDirectory, _guest.Open(".", Rights.FdRead | Rights.FdWrite, OpenFlags.Directory));
        Assert.Equal(Ok, _guest.Open(".", Rights.FdRead, OpenFlags.Directory));
        Assert.Equal(Ok, _guest.Open(".", Rights.None));
        Assert.Equal(Ok, _guest["fd_fdstat_get", Calls.Root, Calls.Result]);
        Assert.Equal(Ok, _guest.Open(".", (Rights)_guest.UInt64(Calls.Result + 8), inheriting: (Rights)_guest.UInt64(Calls.Result + 16)));
    }
}
