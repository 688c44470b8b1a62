using System.Buffers.Binary;
using System.IO.Pipelines;
using Allotrope.Conformance;
using Allotrope.Wasi.Io;
using Allotrope.Wasi.Preview1;

namespace Allotrope.Wasi.Tests.Preview1;

public sealed class PollTests : IDisposable
{
    static readonly ManualTime Time = new();

    readonly Pipe _stdin = new(new(readerScheduler: PipeScheduler.Inline));
    readonly Calls _guest;

    public PollTests() => _guest = new(root => new WasiState { Preopens = [new(root, "/")], Time = Time, Stdin = new PipeInput(_stdin.Reader) });

    public void Dispose() => _guest.Dispose();

    void Clock(int at, ulong user, int clock, ulong timeout, bool absolute = false)
    {
        var bytes = Subscribe(at, user, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], clock);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], timeout);
        bytes[40] = absolute ? (byte)1 : (byte)0;
    }

    void File(int at, ulong user, byte kind, int file) => BinaryPrimitives.WriteInt32LittleEndian(Subscribe(at, user, kind)[16..], file);

    Span<byte> Subscribe(int at, ulong user, byte kind)
    {
        var bytes = _guest.Memory.Slice((ulong)(Calls.Buffer + at * 48), 48);
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, user);
        bytes[8] = kind;
        return bytes;
    }

    Task<ErrorNumber> PollAsync(int count) => _guest.CallAsync("poll_oneoff", Calls.Buffer, Calls.Path, count, Calls.Result);

    (ulong User, ErrorNumber Error, byte Kind, ulong Bytes)[] Events => [.. Enumerable.Range(0, (int)_guest.UInt32()).Select(i => Calls.Path + i * 32)
        .Select(at => (_guest.UInt64(at), (ErrorNumber)_guest.Memory.Read<ushort>((ulong)at + 8), _guest.Memory.Span[at + 10], _guest.UInt64(at + 16)))];

    [Fact]
    public async Task What_has_happened_already_is_told_at_once()
    {
        Clock(0, 7, 1, 0);
        File(1, 8, 2, 1);
        File(2, 9, 1, _guest.Opened("file"));
        Clock(3, 10, 1, 1_000_000_000);

        Assert.Equal(ErrorNumber.Success, await PollAsync(4));
        Assert.Equal([(7ul, ErrorNumber.Success, (byte)0, 0ul), (8, ErrorNumber.Success, 2, 1), (9, ErrorNumber.Success, 1, 8)], Events);
    }

    [Fact]
    public async Task What_cannot_be_waited_for_is_an_event_with_an_error()
    {
        File(0, 1, 1, 99);
        File(1, 2, 1, Calls.Root);
        Clock(2, 3, 2, 0);
        Clock(3, 4, 9, 0);

        Assert.Equal(ErrorNumber.Success, await PollAsync(4));
        Assert.Equal([ErrorNumber.BadFile, ErrorNumber.BadFile, ErrorNumber.NotSupported, ErrorNumber.Invalid], Events.Select(each => each.Error));
        Subscribe(0, 1, 3);
        Assert.Equal(ErrorNumber.Invalid, await PollAsync(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_moment_of_either_clock_is_waited_for(int clock)
    {
        Assert.Equal(ErrorNumber.Success, _guest["clock_time_get", clock, 1, Calls.Result]);
        Clock(0, 5, clock, _guest.UInt64() + 10_000_000, absolute: true);
        var poll = WaitingAsync(1);
        Assert.False(poll.IsCompleted);

        Time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(ErrorNumber.Success, await poll);
        Assert.Equal(5ul, Assert.Single(Events).User);
    }

    [Fact]
    public async Task Standard_input_wakes_the_guest_before_the_clock()
    {
        Clock(0, 1, 1, 1_000_000_000);
        File(1, 2, 1, 0);
        var poll = WaitingAsync(2);

        await _stdin.Writer.WriteAsync("line"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(ErrorNumber.Success, await poll);
        Assert.Equal((2ul, (byte)1), (Assert.Single(Events).User, Events[0].Kind));
        Assert.Equal("line", _guest.Read(0));
    }

    [Fact]
    public async Task A_read_that_may_not_wait_says_again()
    {
        _guest.OneBuffer(10);
        Assert.Equal(ErrorNumber.Success, _guest["fd_fdstat_set_flags", 0, GuestFile.NonBlocking]);
        Assert.Equal(ErrorNumber.Again, _guest["fd_read", 0, Calls.List, 1, Calls.Result]);
        await _stdin.Writer.CompleteAsync();
        Assert.Equal("", _guest.Read(0));
    }

    // Without being compiled to be suspended, a guest's thread waits: so it is not the test's.
    Task<ErrorNumber> WaitingAsync(int count) =>
        Task.Factory.StartNew(() => PollAsync(count), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
}
