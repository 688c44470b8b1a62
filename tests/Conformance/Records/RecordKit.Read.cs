using Allotrope.Record;

namespace Allotrope.Conformance;

public abstract partial class RecordKit
{
    [Fact]
    public async Task An_event_is_read_as_it_was_appended()
    {
        await Record.AppendAsync("s", 0, [Event("hello", type: "greeting.said")]);
        var read = await Record.ReadAsync("s").SingleAsync();
        Assert.Equal(("s", 1L, "greeting.said", "hello"), (read.Stream, read.Revision, read.Type, Text(read.Data)));
    }

    [Fact]
    public async Task An_event_knows_when_it_was_accepted()
    {
        var before = TimeProvider.System.GetUtcNow();
        await Record.AppendAsync("s", 0, [Event("a")]);
        var read = await Record.ReadAsync("s").SingleAsync();
        Assert.InRange(read.Time, before - TimeSpan.FromSeconds(1), TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task An_event_may_be_empty()
    {
        await Record.AppendAsync("s", 0, [Event("")]);
        Assert.Equal([""], await ReadTexts("s"));
    }

    [Fact]
    public async Task A_large_event_is_read_whole()
    {
        var text = new string('x', 3_000_000);
        await Record.AppendAsync("s", 0, [Event(text), Event("after")]);
        Assert.Equal([text, "after"], await ReadTexts("s"));
    }

    [Fact]
    public async Task Events_are_read_in_order()
    {
        var texts = Enumerable.Range(0, 1000).Select(i => $"{i}").ToList();
        await Record.AppendAsync("s", 0, [.. texts.Select(text => Event(text))]);
        Assert.Equal(texts, await ReadTexts("s"));
    }

    [Fact]
    public async Task Reading_starts_after_the_revision_given()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b"), Event("c")]);
        Assert.Equal(["c"], await ReadTexts("s", after: 2));
    }

    [Fact]
    public async Task Reading_beyond_the_head_yields_nothing()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        Assert.Empty(await ReadTexts("s", after: 7));
    }

    [Fact]
    public async Task A_stream_never_written_is_empty() => Assert.Empty(await ReadTexts("nothing"));

    [Fact]
    public async Task A_stream_holds_its_own_events_only()
    {
        await Record.AppendAsync("one", 0, [Event("a")]);
        await Record.AppendAsync("two", 0, [Event("b")]);
        Assert.Equal(["b"], await ReadTexts("two"));
    }

    [Fact]
    public async Task Names_of_streams_are_told_apart_by_case()
    {
        await Record.AppendAsync("Stream", 0, [Event("a")]);
        Assert.Empty(await ReadTexts("stream"));
    }

    [Fact]
    public async Task What_is_appended_while_reading_is_left_for_the_next_reading()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b")]);
        var read = 0;
        await foreach (var one in Record.ReadAsync("s"))
        {
            read++;
            await Record.AppendAsync("s", IRecord.AnyRevision, [Event("more")]);
        }
        Assert.Equal(2, read);
        Assert.Equal(4, (await ReadTexts("s")).Count);
    }

    [Fact]
    public async Task What_was_appended_is_there_after_a_restart()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b")]);
        await Reopen();
        Assert.Equal(["a", "b"], await ReadTexts("s"));
        Assert.Equal(3, await Record.AppendAsync("s", 2, [Event("c")]));
    }

    [Fact]
    public async Task A_cancelled_reading_stops()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Record.ReadAsync("s", 0, cancelled.Token).CountAsync());
    }

}
