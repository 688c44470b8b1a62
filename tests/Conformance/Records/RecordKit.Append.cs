using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Conformance;

public abstract partial class RecordKit
{
    [Fact]
    public async Task The_first_event_has_revision_one() => Assert.Equal(1, await Record.AppendAsync("s", 0, [Event("a")]));

    [Fact]
    public async Task An_append_returns_the_revision_of_its_last_event()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        Assert.Equal(3, await Record.AppendAsync("s", 1, [Event("b"), Event("c")]));
    }

    [Fact]
    public async Task An_append_at_another_revision_than_the_head_is_a_conflict()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        await Fails<Fault.Conflict>(() => Record.AppendAsync("s", 0, [Event("b")]).AsTask());
        await Fails<Fault.Conflict>(() => Record.AppendAsync("s", 2, [Event("b")]).AsTask());
    }

    [Fact]
    public async Task A_refused_append_writes_nothing()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        await Fails<Fault.Conflict>(() => Record.AppendAsync("s", 0, [Event("b"), Event("c")]).AsTask());
        Assert.Equal(["a"], await ReadTexts("s"));
    }

    [Fact]
    public async Task An_append_at_any_revision_is_never_a_conflict()
    {
        Assert.Equal(1, await Record.AppendAsync("s", IRecord.AnyRevision, [Event("a")]));
        Assert.Equal(2, await Record.AppendAsync("s", IRecord.AnyRevision, [Event("b")]));
    }

    [Fact]
    public async Task An_append_of_nothing_only_checks_the_revision()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        Assert.Equal(1, await Record.AppendAsync("s", 1, []));
        await Fails<Fault.Conflict>(() => Record.AppendAsync("s", 0, []).AsTask());
    }

    [Fact]
    public async Task Of_two_appends_at_one_revision_exactly_one_succeeds()
    {
        for (var round = 0; round < 20; round++)
        {
            var expected = round;
            var attempts = Enumerable.Range(0, 8).Select(i => Attempt(() => Record.AppendAsync("race", expected, [Event($"{round}")]).AsTask()));
            Assert.Equal(1, (await Task.WhenAll(attempts)).Count(won => won));
        }
        Assert.Equal(20, (await ReadTexts("race")).Count);
    }

    [Fact]
    public async Task Concurrent_appends_to_one_stream_get_different_revisions()
    {
        var revisions = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Record.AppendAsync("s", IRecord.AnyRevision, [Event($"{i}")]).AsTask()));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), revisions.Order());
    }

    [Fact]
    public async Task Streams_count_their_own_revisions()
    {
        await Record.AppendAsync("one", 0, [Event("a"), Event("b")]);
        Assert.Equal(1, await Record.AppendAsync("two", 0, [Event("c")]));
    }

    [Fact]
    public async Task A_stream_without_a_name_is_refused() =>
        await Fails<Fault.Invalid>(() => Record.AppendAsync("", 0, [Event("a")]).AsTask());

    [Fact]
    public async Task A_name_beyond_its_bound_is_refused() =>
        await Fails<Fault.Invalid>(() => Record.AppendAsync(new string('s', RecordLimits.StreamLength + 1), 0, [Event("a")]).AsTask());

    [Fact]
    public async Task An_event_beyond_its_bound_is_refused() =>
        await Fails<Fault.Invalid>(() => Record.AppendAsync("s", 0, [new RecordEvent("big", new byte[RecordLimits.EventLength + 1])]).AsTask());

    [Fact]
    public async Task An_event_without_a_type_is_refused() =>
        await Fails<Fault.Invalid>(() => Record.AppendAsync("s", 0, [Event("a", type: "")]).AsTask());

    [Fact]
    public async Task More_events_than_one_append_may_hold_are_refused() =>
        await Fails<Fault.Invalid>(() => Record.AppendAsync("s", 0, [.. Enumerable.Repeat(Event("a"), RecordLimits.EventsPerAppend + 1)]).AsTask());

    [Fact]
    public async Task A_closed_record_takes_nothing_more()
    {
        await Record.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Record.AppendAsync("s", 0, [Event("a")]).AsTask());
        await Reopen();
    }

    static async Task<bool> Attempt(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (FaultException error) when (error.Fault is Fault.Conflict)
        {
            return false;
        }
    }
}
