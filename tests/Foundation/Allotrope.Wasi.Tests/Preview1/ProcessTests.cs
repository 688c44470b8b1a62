using Allotrope.Wasi.Preview1;

namespace Allotrope.Wasi.Tests.Preview1;

/// <summary>Arguments, clocks, randomness, descriptors and sockets as a guest finds them.</summary>
public sealed class ProcessTests : IDisposable
{
    const ErrorNumber Ok = ErrorNumber.Success, Bad = ErrorNumber.BadFile;

    readonly Calls _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("args_sizes_get", "args_get")]
    [InlineData("environ_sizes_get", "environ_get")]
    public void Nothing_is_a_list_of_no_strings(string sizes, string get)
    {
        Assert.Equal(Ok, _guest[sizes, Calls.Result, Calls.Result + 4]);
        Assert.Equal(0ul, _guest.UInt64());
        Assert.Equal(Ok, _guest[get, Calls.Result, Calls.Buffer]);
    }

    [Fact]
    public void Strings_are_given_as_they_are()
    {
        using var guest = new Calls(_ => new WasiState { Arguments = ["program", "first", "the \"second\" arg", "3"], Environment = [new("b", "escap \" ing"), new("c", "new\nline")] });
        Assert.Equal(Ok, guest["args_sizes_get", Calls.Result, Calls.Result + 4]);
        Assert.Equal((4u, 33u), (guest.UInt32(), guest.UInt32(Calls.Result + 4)));
        Assert.Equal(Ok, guest["args_get", Calls.Result, Calls.Buffer]);
        Assert.Equal("program\0first\0the \"second\" arg\03\0", guest.Text(Calls.Buffer, 33));
        Assert.Equal(Ok, guest["environ_get", Calls.Result, Calls.Buffer]);
        Assert.Equal("b=escap \" ing\0c=new\nline\0", guest.Text(Calls.Buffer, 25));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_clock_has_a_resolution_and_goes_forward(int clock)
    {
        Assert.Equal(Ok, _guest["clock_res_get", clock, Calls.Result]);
        Assert.InRange(_guest.UInt64(), 1ul, 1_000_000_000ul);
        Assert.Equal(Ok, _guest["clock_time_get", clock, 0, Calls.Result]);
        var before = _guest.UInt64();
        _guest.Time.Advance(TimeSpan.FromMilliseconds(3));
        Assert.Equal(Ok, _guest["clock_time_get", clock, 1, Calls.Result]);
        Assert.Equal(before + 3_000_000, _guest.UInt64());
    }

    [Fact]
    public void Randomness_has_the_length_that_was_asked_for()
    {
        Assert.Equal(Ok, _guest["random_get", Calls.Buffer, 0]);
        Assert.Equal(0, _guest.Memory.Span[Calls.Buffer]);
        Assert.Equal(Ok, _guest["random_get", Calls.Buffer, 1024]);
        Assert.NotEqual(-1, _guest.Memory.Slice(Calls.Buffer, 1024).IndexOfAnyExcept((byte)0));
        Assert.Equal(0, _guest.Memory.Span[Calls.Buffer + 1024]);
        Assert.Equal(Ok, _guest["sched_yield"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    public void The_guest_ends_with_its_status(int status) =>
        Assert.Equal((uint)status, Assert.Throws<GuestExitException>(() => _guest["proc_exit", status]).Status);

    [Fact]
    public void A_number_that_stands_for_nothing_is_bad()
    {
        foreach (var number in new[] { -31_337, 4, 1000, int.MaxValue })
        {
            Assert.Equal(Bad, _guest["fd_write", number, 0, 0, Calls.Result]);
            Assert.Equal(Bad, _guest["fd_close", number]);
            Assert.Equal(Bad, _guest["fd_renumber", number, 3]);
            Assert.Equal(Bad, _guest["sock_shutdown", number, 1]);
        }
        Assert.Equal(Ok, _guest["fd_fdstat_get", 3, Calls.Result]); // that was not closed on the way
    }

    [Fact]
    public void What_is_no_socket_says_so()
    {
        Assert.Equal(ErrorNumber.NotSocket, _guest["sock_shutdown", 1, 1]);
        Assert.Equal(ErrorNumber.NotSocket, _guest["sock_accept", 3, 0, Calls.Result]);
        Assert.Equal(ErrorNumber.NotSocket, _guest["sock_recv", 0, Calls.List, 0, 0, Calls.Result, Calls.Result + 4]);
        Assert.Equal(ErrorNumber.NotSocket, _guest["sock_send", 1, Calls.List, 0, 0, Calls.Result]);
    }

    [Fact]
    public void A_granted_directory_is_closed_and_others_in_it_stay_open()
    {
        var folder = _guest.Opened(".", Rights.Directory, Wasi.Filesystem.OpenFlags.Directory, inheriting: Rights.All);
        Assert.Equal(Ok, _guest["fd_close", Calls.Root]);
        Assert.Equal(Bad, _guest["fd_fdstat_get", Calls.Root, Calls.Result]);
        Assert.Equal(Bad, _guest["fd_prestat_get", Calls.Root, Calls.Result]);
        Assert.Equal(Bad, _guest.Open("file"));
        Assert.Equal(Ok, _guest.Open("file", folder: folder));
    }

    [Fact]
    public void A_directory_that_takes_the_place_of_a_granted_one_is_not_granted_by_that()
    {
        var folder = _guest.Opened("sub", Rights.Directory, Wasi.Filesystem.OpenFlags.Directory, inheriting: Rights.FdRead);
        var inode = _guest.Stat("sub").Inode;
        Assert.Equal(Ok, _guest["fd_renumber", folder, Calls.Root]);
        Assert.Equal(Ok, _guest["fd_filestat_get", Calls.Root, Calls.Result]);
        Assert.Equal(inode, _guest.UInt64(Calls.Result + 8));
        Assert.Equal(Bad, _guest["fd_fdstat_get", folder, Calls.Result]);
        Assert.Equal(Bad, _guest["fd_prestat_get", Calls.Root, Calls.Result]); // it has no name of a grant
        Assert.Equal((ErrorNumber)63, _guest.Open("../file", Rights.FdRead)); // and leads nowhere else
        Assert.Equal(ErrorNumber.NotCapable, _guest.Open("file", Rights.FdWrite)); // nor to rights that it had not
    }

    [Fact]
    public void A_grant_keeps_its_bounds_under_another_number()
    {
        using var guest = new Calls(root => new WasiState { Preopens = [new(root, "/rw"), new(root, "/ro") { IsReadOnly = true }] });
        Assert.Equal(Ok, guest["fd_renumber", 4, 3]);
        Assert.Equal(ErrorNumber.NotCapable, guest.Open("file", Rights.FdWrite));
        Assert.Equal(ErrorNumber.NotCapable, guest.At("path_unlink_file", "file"));
        Assert.Equal(Ok, guest["fd_prestat_dir_name", 3, Calls.Buffer, 3]);
        Assert.Equal("/ro", guest.Text(Calls.Buffer, 3));
    }

    [Fact]
    public void Standard_streams_take_the_places_of_files()
    {
        foreach (var stream in new[] { 0, 1, 2 })
        {
            var file = _guest.Opened("file", Rights.FdRead);
            Assert.Equal(Ok, _guest["fd_renumber", stream, file]);
            Assert.Equal(Ok, _guest["fd_fdstat_get", file, Calls.Result]);
            Assert.Equal(Bad, _guest["fd_fdstat_get", stream, Calls.Result]);
        }
    }

    [Fact]
    public void The_name_of_a_grant_may_have_more_room_than_it_needs()
    {
        _guest.Memory.Span[Calls.Buffer + 1] = 0xaa;
        Assert.Equal(Ok, _guest["fd_prestat_dir_name", Calls.Root, Calls.Buffer, 2]);
        Assert.Equal(((byte)'/', 0xaa), (_guest.Memory.Span[Calls.Buffer], _guest.Memory.Span[Calls.Buffer + 1]));
    }
}
