using System.IO.Pipelines;
using System.Text;
using Allotrope.Lattice;

namespace Allotrope.Conformance;

/// <summary>Requests and replies that are followed by bytes.</summary>
public abstract partial class LatticeKit
{
    [Fact]
    public async Task A_body_streams_each_way_while_both_sides_work()
    {
        await using var served = await Lattice.ServeAsync("echo", (request, cancellation) =>
        {
            var reply = new ByteStream();
            _ = EchoAsync(request.Body!, reply);
            return ValueTask.FromResult(Message("") with { Body = reply });
        });
        var body = new ByteStream();
        var answer = (await Lattice.RequestAsync(Message("echo") with { Body = body })).Body!;

        foreach (var word in (string[])["one", "two"])
        {
            await body.Writer.WriteAsync(Bytes(word));
            Assert.Equal(word, await ReadAsync(answer.Reader));
        }
        body.Complete(new Headers(new KeyValuePair<string, string>("Sum", "2")));

        Assert.True((await answer.Reader.ReadAsync()).IsCompleted);
        Assert.Equal("2", answer.Trailers?["sum"]);
        answer.Abandon();
    }

    [Fact]
    public async Task A_writer_waits_for_a_reader_that_does_not_read()
    {
        var stream = new ByteStream();
        var writing = stream.Writer.WriteAsync(new byte[LatticeLimits.StreamCapacity]).AsTask();
        Assert.False(writing.IsCompleted);

        var read = await stream.Reader.ReadAsync();
        stream.Reader.AdvanceTo(read.Buffer.End);

        Assert.False((await writing.WaitAsync(Patience)).IsCompleted);
    }

    [Fact]
    public async Task A_writer_is_told_that_its_reader_has_gone()
    {
        var stream = new ByteStream();
        var writing = stream.Writer.WriteAsync(new byte[LatticeLimits.StreamCapacity]).AsTask();
        stream.Abandon();
        Assert.True(stream.Abandoned.IsCancellationRequested);
        Assert.True((await writing.WaitAsync(Patience)).IsCompleted);
    }

    [Fact]
    public void A_reader_that_goes_after_the_end_cancels_nothing()
    {
        var stream = new ByteStream();
        stream.Complete();
        stream.Abandon();
        Assert.False(stream.Abandoned.IsCancellationRequested);
    }

    [Fact]
    public async Task A_reader_is_told_that_the_stream_broke()
    {
        var stream = new ByteStream();
        stream.Fail(new InvalidOperationException("cut"));
        stream.Complete(); // too late to make it whole
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.Reader.ReadAsync());
    }

    [Fact]
    public async Task The_body_of_a_reply_that_came_too_late_is_abandoned()
    {
        var (late, body) = (new TaskCompletionSource<Message>(), new ByteStream());
        var abandoned = new TaskCompletionSource();
        body.Abandoned.Register(abandoned.SetResult);
        await using var served = await Lattice.ServeAsync("slow", (_, _) => new ValueTask<Message>(late.Task));
        using var impatience = new CancellationTokenSource();
        var request = Lattice.RequestAsync(Message("slow"), Timeout.InfiniteTimeSpan, impatience.Token).AsTask();

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        late.SetResult(Message("") with { Body = body });

        await abandoned.Task.WaitAsync(Patience);
    }

    static async Task EchoAsync(ByteStream from, ByteStream to)
    {
        await from.Reader.CopyToAsync(to.Writer);
        to.Complete(from.Trailers);
        from.Abandon();
    }

    static async Task<string> ReadAsync(PipeReader reader)
    {
        var read = await reader.ReadAsync();
        var text = Encoding.UTF8.GetString(read.Buffer);
        reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
