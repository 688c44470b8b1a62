using Allotrope.Kernel;

namespace Allotrope.Conformance;

public abstract partial class RecordKit
{
    [Fact]
    public async Task A_stream_has_no_snapshot_at_first()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        Assert.Null(await Record.ReadSnapshotAsync("s"));
        Assert.Null(await Record.ReadSnapshotAsync("never written"));
    }

    [Fact]
    public async Task A_snapshot_is_read_as_it_was_saved()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b")]);
        await Record.SaveSnapshotAsync("s", Snapshot(2, "ab"));
        var read = await Record.ReadSnapshotAsync("s");
        Assert.Equal((2L, "ab"), (read!.Revision, Text(read.Data)));
    }

    [Fact]
    public async Task A_newer_snapshot_takes_the_place_of_the_older()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b")]);
        await Record.SaveSnapshotAsync("s", Snapshot(1, "a"));
        await Record.SaveSnapshotAsync("s", Snapshot(2, "ab"));
        Assert.Equal("ab", Text((await Record.ReadSnapshotAsync("s"))!.Data));
    }

    [Fact]
    public async Task An_older_snapshot_than_the_one_kept_is_a_conflict()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b")]);
        await Record.SaveSnapshotAsync("s", Snapshot(2, "ab"));
        await Fails<Fault.Conflict>(() => Record.SaveSnapshotAsync("s", Snapshot(1, "a")).AsTask());
        Assert.Equal("ab", Text((await Record.ReadSnapshotAsync("s"))!.Data));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_snapshot_of_a_revision_the_stream_has_not_is_refused(long revision)
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        await Fails<Fault.Invalid>(() => Record.SaveSnapshotAsync("s", Snapshot(revision, "x")).AsTask());
    }

    [Fact]
    public async Task A_snapshot_leaves_the_events_where_they_are()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b")]);
        await Record.SaveSnapshotAsync("s", Snapshot(2, "ab"));
        Assert.Equal(["a", "b"], await ReadTexts("s"));
    }

    [Fact]
    public async Task A_forgetting_snapshot_leaves_the_events_that_follow_it()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b"), Event("c")]);
        await Record.SaveSnapshotAsync("s", Snapshot(2, "ab"), forget: true);
        Assert.Equal(["c"], await ReadTexts("s", after: 2));
    }

    [Fact]
    public async Task Reading_what_was_forgotten_is_told_from_an_empty_stream()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b"), Event("c")]);
        await Record.SaveSnapshotAsync("s", Snapshot(2, "ab"), forget: true);
        await Fails<Fault.NotFound>(() => ReadTexts("s", after: 1));
    }

    [Fact]
    public async Task Forgetting_everything_keeps_the_count_of_revisions()
    {
        await Record.AppendAsync("s", 0, [Event("a"), Event("b")]);
        await Record.SaveSnapshotAsync("s", Snapshot(2, "ab"), forget: true);
        await Reopen();
        Assert.Equal(3, await Record.AppendAsync("s", 2, [Event("c")]));
        Assert.Equal(["c"], await ReadTexts("s", after: 2));
    }

    [Fact]
    public async Task Forgetting_in_one_stream_leaves_the_others_alone()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        await Record.AppendAsync("t", 0, [Event("b")]);
        await Record.SaveSnapshotAsync("s", Snapshot(1, "a"), forget: true);
        Assert.Equal(["b"], await ReadTexts("t"));
    }

    [Fact]
    public async Task A_snapshot_is_there_after_a_restart()
    {
        await Record.AppendAsync("s", 0, [Event("a")]);
        await Record.SaveSnapshotAsync("s", Snapshot(1, "state"), forget: true);
        await Reopen();
        Assert.Equal("state", Text((await Record.ReadSnapshotAsync("s"))!.Data));
    }
}
