using System.IO.Pipelines;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Tests.Io;

public class PipeInputTests
{
    readonly Pipe _pipe = new();

    [Fact]
    public async Task What_is_there_is_read_and_the_rest_stays()
    {
        using var input = new PipeInput(_pipe.Reader);
        await _pipe.Writer.WriteAsync("abcdef"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("abcd"u8, input.Read(4).Value.Span);
        Assert.Equal("ef"u8, input.Read(4).Value.Span);
        Assert.Equal(0, input.Read(4).Value.Length);
    }

    [Fact]
    public void A_read_of_nothing_yet_is_empty_and_not_ready()
    {
        using var input = new PipeInput(_pipe.Reader);

        Assert.False(input.Ready);
        Assert.True(input.Read(10).IsOk);
        Assert.True(input.Read(10).Value.IsEmpty);
    }

    [Fact]
    public async Task A_blocking_read_waits_for_the_first_bytes()
    {
        using var input = new PipeInput(_pipe.Reader);
        var read = input.BlockingRead(100).AsTask();
        Assert.False(read.IsCompleted);

        await _pipe.Writer.WriteAsync("hi"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("hi"u8.ToArray(), (await read).Value.ToArray());
    }

    [Fact]
    public async Task The_end_is_closed_after_all_was_read()
    {
        using var input = new PipeInput(_pipe.Reader);
        await _pipe.Writer.WriteAsync("z"u8.ToArray(), TestContext.Current.CancellationToken);
        await _pipe.Writer.CompleteAsync();

        Assert.Equal("z"u8, input.Read(10).Value.Span);
        Assert.IsType<StreamError.Closed>(input.Read(10).Error);
        Assert.IsType<StreamError.Closed>((await input.BlockingRead(10)).Error);
        Assert.True(input.Subscribe().Ready());
    }

    [Fact]
    public async Task A_broken_stream_fails_once_and_is_closed_then()
    {
        using var input = new PipeInput(_pipe.Reader);
        await _pipe.Writer.CompleteAsync(new IOException("the cable is cut"));

        var failed = Assert.IsType<StreamError.LastOperationFailed>(input.Read(1).Error);
        Assert.Equal("the cable is cut", failed.Value.ToDebugString());
        Assert.IsType<StreamError.Closed>(input.Read(1).Error);
    }

    [Fact]
    public async Task Skipping_drops_bytes()
    {
        using var input = new PipeInput(_pipe.Reader);
        await _pipe.Writer.WriteAsync("abcdef"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(2ul, input.Skip(2).Value);
        Assert.Equal("cdef"u8, input.Read(10).Value.Span);
    }

    [Fact]
    public async Task A_guest_cannot_ask_the_host_for_more_than_a_chunk()
    {
        using var input = new PipeInput(PipeReader.Create(new MemoryStream(new byte[1_000_000]), new(bufferSize: 500_000)));

        Assert.InRange((await input.BlockingRead(ulong.MaxValue)).Value.Length, 1, InputStream.Chunk);
    }

    [Fact]
    public async Task A_wait_that_is_given_up_loses_no_bytes()
    {
        using var input = new PipeInput(_pipe.Reader);
        using var soon = new CancellationTokenSource();
        var wait = input.WaitAsync(soon.Token).AsTask();
        await soon.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);

        await _pipe.Writer.WriteAsync("kept"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("kept"u8.ToArray(), (await input.BlockingRead(10)).Value.ToArray());
    }

    [Fact]
    public async Task Dropping_the_stream_tells_the_writer_also_during_a_read()
    {
        var pipe = new Pipe(new(readerScheduler: PipeScheduler.Inline));
        var input = new PipeInput(pipe.Reader);
        Assert.False(input.Ready);
        input.Dispose();

        Assert.True((await pipe.Writer.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken)).IsCompleted);
    }

    [Fact]
    public async Task The_writer_waits_for_a_guest_that_does_not_read()
    {
        var pipe = new Pipe(new(pauseWriterThreshold: 10, resumeWriterThreshold: 5));
        using var input = new PipeInput(pipe.Reader);
        var write = pipe.Writer.WriteAsync(new byte[20], TestContext.Current.CancellationToken);
        Assert.False(write.IsCompleted);

        Assert.Equal(16, (await input.BlockingRead(16)).Value.Length);

        await write;
    }
}
