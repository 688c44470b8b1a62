using System.Buffers;
using System.IO.Pipelines;
using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Tests.Io;

public class PipeOutputTests
{
    readonly Pipe _narrow = new(new(pauseWriterThreshold: 8, resumeWriterThreshold: 4));

    [Fact]
    public async Task What_is_written_arrives()
    {
        using var output = new PipeOutput(_narrow.Writer);
        Assert.True(output.CheckWrite().Value > 0);
        Assert.True(output.Write("abc"u8.ToArray()).IsOk);

        var read = await _narrow.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("abc"u8, read.Buffer.FirstSpan);
    }

    [Fact]
    public void More_than_check_write_permitted_is_a_trap()
    {
        using var output = new PipeOutput(_narrow.Writer);
        var permit = (int)output.CheckWrite().Value;

        Assert.Throws<ComponentTrap>(() => output.Write(new byte[permit + 1]));
        Assert.Throws<ComponentTrap>(() => output.WriteZeroes((ulong)permit + 1));
    }

    [Fact]
    public void A_permit_is_used_up_by_writes()
    {
        using var output = new PipeOutput(new Pipe().Writer);
        var permit = (int)output.CheckWrite().Value;
        output.Write(new byte[permit]);

        Assert.Throws<ComponentTrap>(() => output.Write(new byte[1]));
    }

    [Fact]
    public async Task There_is_no_room_until_the_reader_has_read()
    {
        using var output = new PipeOutput(_narrow.Writer);
        output.CheckWrite();
        output.Write(new byte[20]);
        Assert.Equal(0ul, output.CheckWrite().Value);
        var ready = output.Subscribe().Block().AsTask();
        Assert.False(ready.IsCompleted);

        var read = await _narrow.Reader.ReadAsync(TestContext.Current.CancellationToken);
        _narrow.Reader.AdvanceTo(read.Buffer.End);
        await ready;

        Assert.True(output.CheckWrite().Value > 0);
    }

    [Fact]
    public async Task Writes_of_one_permit_arrive_in_order_though_the_reader_is_behind()
    {
        using var output = new PipeOutput(_narrow.Writer);
        output.CheckWrite();
        for (byte i = 0; i < 100; i++)
            output.Write(new[] { i });

        var all = new List<byte>();
        while (all.Count < 100)
        {
            var read = await _narrow.Reader.ReadAsync(TestContext.Current.CancellationToken);
            foreach (var part in read.Buffer)
                all.AddRange(part.ToArray());
            _narrow.Reader.AdvanceTo(read.Buffer.End);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)i), all);
    }

    [Fact]
    public async Task A_reader_that_left_closes_the_stream()
    {
        using var output = new PipeOutput(_narrow.Writer);
        await _narrow.Reader.CompleteAsync();
        output.CheckWrite();
        output.Write(new byte[1]);

        Assert.IsType<StreamError.Closed>(output.CheckWrite().Error);
        Assert.IsType<StreamError.Closed>(output.Write(new byte[1]).Error);
        Assert.IsType<StreamError.Closed>((await output.BlockingWriteAndFlush(new byte[1])).Error);
    }

    [Fact]
    public async Task A_stream_that_breaks_fails_once_and_is_closed_then()
    {
        using var output = new PipeOutput(PipeWriter.Create(new BrokenStream()));
        Assert.True(output.CheckWrite().IsOk);
        output.Write(new byte[1]);

        Assert.IsType<StreamError.LastOperationFailed>((await output.BlockingFlush()).Error);
        Assert.IsType<StreamError.Closed>((await output.BlockingFlush()).Error);
    }

    [Fact]
    public async Task A_blocking_write_waits_until_all_has_arrived()
    {
        using var output = new PipeOutput(_narrow.Writer);
        var write = output.BlockingWriteAndFlush(new byte[4096]).AsTask();
        Assert.False(write.IsCompleted);

        var count = 0L;
        while (count < 4096)
        {
            var read = await _narrow.Reader.ReadAsync(TestContext.Current.CancellationToken);
            count += read.Buffer.Length;
            _narrow.Reader.AdvanceTo(read.Buffer.End);
        }

        Assert.True((await write).IsOk);
        await Assert.ThrowsAsync<ComponentTrap>(async () => await output.BlockingWriteAndFlush(new byte[4097]));
        await Assert.ThrowsAsync<ComponentTrap>(async () => await output.BlockingWriteZeroesAndFlush(4097));
    }

    [Fact]
    public async Task Splicing_moves_what_the_source_has()
    {
        var source = new Pipe();
        await source.Writer.WriteAsync("spliced"u8.ToArray(), TestContext.Current.CancellationToken);
        using var input = new PipeInput(source.Reader);
        using var output = new PipeOutput(_narrow.Writer);

        Assert.Equal(3ul, output.Splice(input, 3).Value);
        Assert.Equal(4ul, (await output.BlockingSplice(input, 100)).Value);
        Assert.Equal("spliced"u8.ToArray(), (await _narrow.Reader.ReadAtLeastAsync(7, TestContext.Current.CancellationToken)).Buffer.ToArray());
    }

    [Fact]
    public async Task Splicing_from_an_ended_source_is_closed_and_the_output_goes_on()
    {
        using var input = new EmptyInput();
        using var output = new PipeOutput(_narrow.Writer);

        Assert.IsType<StreamError.Closed>((await output.BlockingSplice(input, 1)).Error);
        Assert.True(output.CheckWrite().Value > 0);
    }

    sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("no space");
    }
}
