using System.Buffers.Binary;
using Allotrope.Wasi.Preview1;

namespace Allotrope.Wasi.Tests.Preview1;

/// <summary>Whatever a guest gives as a pointer, nothing outside of its memory is touched, and the host goes on.</summary>
public sealed class PointerTests : IDisposable
{
    const int End = 2 * 65_536;

    readonly Calls _guest = new(root => new WasiState { Preopens = [new(root, "/")], Arguments = ["a", "bc"], Environment = [new("K", "V")] });

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(End)]
    [InlineData(End - 1)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_result_outside_of_memory_is_a_fault(int at)
    {
        const ErrorNumber fault = ErrorNumber.Fault;
        _guest.OneBuffer(1);

        Assert.Equal(fault, _guest["args_sizes_get", at, Calls.Result]);
        Assert.Equal(fault, _guest["args_get", at, Calls.Result]);
        Assert.Equal(fault, _guest["args_get", Calls.Result, at]);
        Assert.Equal(fault, _guest["environ_get", at, at]);
        Assert.Equal(fault, _guest["clock_time_get", 0, 0, at]);
        Assert.Equal(fault, _guest["clock_res_get", 0, at]);
        Assert.Equal(fault, _guest["fd_fdstat_get", 3, at]);
        Assert.Equal(fault, _guest["fd_filestat_get", 3, at]);
        Assert.Equal(fault, _guest["fd_prestat_get", 3, at]);
        Assert.Equal(fault, _guest["fd_write", 1, at, 1, Calls.Result]);
        Assert.Equal(fault, _guest["fd_write", 1, Calls.List, 1, at]);
        Assert.Equal(fault, _guest["fd_read", 0, Calls.List, 1, at]);
        Assert.Equal(fault, _guest["path_create_directory", 3, at, 5]);
        Assert.Equal(fault, _guest["poll_oneoff", at, Calls.Buffer, 1, Calls.Result]);
        Assert.Equal(fault, _guest["poll_oneoff", Calls.Buffer, at, 1, Calls.Result]);
        Assert.Equal(fault, _guest["random_get", at, 2]);
        Assert.Equal(fault, _guest["random_get", Calls.Buffer, -1]);
    }

    [Fact]
    public void A_buffer_that_is_partly_outside_is_a_fault_and_nothing_is_written()
    {
        var file = _guest.Opened("file");
        _guest.OneBuffer(100, End - 50);

        Assert.Equal(ErrorNumber.Fault, _guest["fd_write", file, Calls.List, 1, Calls.Result]);
        Assert.Equal(ErrorNumber.Fault, _guest["fd_read", file, Calls.List, 1, Calls.Result]);
        Assert.Equal("contents", File.ReadAllText(_guest.Host("file")));
    }

    [Fact]
    public void Lists_of_buffers_are_bounded()
    {
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_write", 1, 0, 1025, Calls.Result]);
        Assert.Equal(ErrorNumber.Invalid, _guest["fd_write", 1, 0, -1, Calls.Result]);
        Assert.Equal(ErrorNumber.Invalid, _guest["poll_oneoff", 0, 0, 0, Calls.Result]);
        Assert.Equal(ErrorNumber.Invalid, _guest["poll_oneoff", 0, 0, 1025, Calls.Result]);
        Assert.Equal(ErrorNumber.Invalid, _guest["poll_oneoff", 0, 0, -1, Calls.Result]);
    }

    [Fact]
    public void Arguments_and_variables_are_written_as_C_has_them()
    {
        Assert.Equal(ErrorNumber.Success, _guest["args_sizes_get", Calls.Result, Calls.Result + 4]);
        Assert.Equal((2u, 5u), (_guest.UInt32(), _guest.UInt32(Calls.Result + 4)));
        Assert.Equal(ErrorNumber.Success, _guest["args_get", Calls.Result, Calls.Buffer]);
        Assert.Equal("a\0bc\0", _guest.Text(Calls.Buffer, 5));
        Assert.Equal((uint)Calls.Buffer + 2, _guest.UInt32(Calls.Result + 4));
        Assert.Equal(ErrorNumber.Success, _guest["environ_get", Calls.Result, Calls.Buffer]);
        Assert.Equal("K=V\0", _guest.Text(Calls.Buffer, 4));
        Assert.Throws<ArgumentException>(() => new Preview1Host(new WasiState { Arguments = ["a\0b"] }));
    }

    [Fact]
    public void Random_calls_with_random_arguments_never_harm_the_host()
    {
        var random = new System.Random(20261121);
        string[] names =
        [
            "args_get", "environ_sizes_get", "clock_time_get", "fd_advise", "fd_allocate", "fd_datasync", "fd_fdstat_get", "fd_fdstat_set_flags", "fd_filestat_get", "fd_filestat_set_times",
            "fd_pread", "fd_prestat_get", "fd_prestat_dir_name", "fd_pwrite", "fd_readdir", "fd_renumber", "fd_seek", "fd_tell", "fd_write", "path_create_directory", "path_filestat_get",
            "path_link", "path_open", "path_readlink", "path_remove_directory", "path_rename", "path_symlink", "path_unlink_file", "random_get", "sock_recv", "sock_send",
        ];
        long[] interesting = [0, 1, 3, 4, 5, 8, 100, Calls.Path, Calls.Buffer, End - 4, End, int.MaxValue, -1, int.MinValue, long.MaxValue];
        for (var i = 0; i < 20_000; i++)
        {
            if (i % 50 == 0)
            {
                random.NextBytes(_guest.Memory.Span[..End]);
                BinaryPrimitives.WriteInt32LittleEndian(_guest.Memory.Span[Calls.List..], Calls.Buffer);
            }

            var arguments = Enumerable.Range(0, 9).Select(_ => interesting[random.Next(interesting.Length)]).ToArray();
            var error = _guest[names[random.Next(names.Length)], arguments];
            Assert.InRange((int)error, 0, 76);
        }

        Assert.Equal(["granted", "secret"], Directory.EnumerateFileSystemEntries(_guest.Host("..")).Select(entry => Path.GetFileName(entry)!).Order());
    }
}
