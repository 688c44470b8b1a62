namespace Allotrope.Conformance;

public abstract partial class RecordKit
{
    [Fact]
    public async Task Waiting_for_what_is_there_completes_at_once()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b")]);
        Assert.Equal(2, await Record.WaitAsync("s", 1));
    }

    [Fact]
    public async Task Waiting_ends_with_the_next_append()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        var waiting = Record.WaitAsync("s", 1).AsTask();
        Assert.False(waiting.IsCompleted);
        await Record.AppendAsync("s", 1, [Event("b")]);
        Assert.Equal(2, await waiting);
    }

    [Fact]
    public async Task A_stream_can_be_waited_for_before_it_begins()
    {
        var waiting = Record.WaitAsync("later", 0).AsTask();
        await Record.AppendAsync("later", 0, [Event("a")]);
        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task An_append_wakes_everybody_who_waits()
    {
        var waiting = Enumerable.Range(0, 10).Select(_ => Record.WaitAsync("s", 0).AsTask()).ToList();
        await Record.AppendAsync("s", 0, [Event("a")]);
        Assert.All(await Task.WhenAll(waiting), head => Assert.Equal(1, head));
    }

    [Fact]
    public async Task Another_streams_append_wakes_nobody()
    {
        var waiting = Record.WaitAsync("s", 0).AsTask();
        await Record.AppendAsync("other", 0, [Event("a")]);
        Assert.False(waiting.IsCompleted);
        await Record.AppendAsync("s", 0, [Event("a")]);
        await waiting;
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = Record.WaitAsync("s", 0, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Closing_ends_every_wait()
    {
        var waiting = Record.WaitAsync("s", 0).AsTask();
        await Record.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Reopen();
    }
}
