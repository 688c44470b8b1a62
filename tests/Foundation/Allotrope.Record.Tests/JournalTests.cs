using System.Text;
using Allotrope.Conformance;
using Allotrope.Kernel;
using static Allotrope.Record.Tests.RecordWorld;

namespace Allotrope.Record.Tests;

public sealed class JournalTests : IAsyncLifetime
{
    readonly RecordWorld _world = new();
    UnsureRecord _record = null!;

    public ValueTask InitializeAsync()
    {
        _record = new(_world.Open());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _record.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task A_snapshot_stands_for_what_was_written_before_it()
    {
        var text = new string('x', 100_000);
        await using (var journal = new Journal<string, int, string>(Stream(), new Texts()))
            for (var i = 0; i < 30; i++)
                Assert.Equal(i + 1, await journal.WriteAsync($"{i}{text}"));
        Assert.NotNull(await _record.ReadSnapshotAsync("texts"));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}{text}"), await Stream().ReplayAsync().ToListAsync());
    }

    [Fact]
    public async Task A_snapshot_that_is_refused_is_not_made_again_for_each_write()
    {
        _record.RefusesSnapshots = true;
        var texts = new Texts();
        await using (var journal = new Journal<string, int, string>(Stream(), texts))
            for (var i = 0; i < 100; i++)
                await journal.WriteAsync(new string('x', 100_000));
        Assert.InRange(texts.Copies, 1, 5);
        Assert.Equal(100, await Stream().ReplayAsync().CountAsync());
    }

    [Fact]
    public async Task Who_is_always_overtaken_is_told_so()
    {
        var texts = new Texts { Overtake = () => _record.AppendAsync("texts", IRecord.AnyRevision, [Event("theirs")]).AsTask() };
        await using var journal = new Journal<string, int, string>(Stream(), texts);
        await FailsAsync<Fault.Conflict>(() => journal.WriteAsync("mine").AsTask());
        texts.Overtake = null;
        Assert.Equal(4, await journal.WriteAsync("mine"));
        Assert.Equal(["theirs", "theirs", "theirs", "mine"], await ReadAsync(_record, "texts"));
    }

    JournalStream<string> Stream() => new(_record, "texts", new(
        Event, one => Encoding.UTF8.GetString(one.Data.Span), snapshot => Encoding.UTF8.GetString(snapshot.Data.Span).Split('\n')));

    /// <summary>Keeps texts; a verdict is how many there are then.</summary>
    sealed class Texts : IJournaled<string, int, string>
    {
        readonly List<string> _texts = [];

        public int Copies { get; private set; }

        public Func<Task>? Overtake { get; set; }

        public List<int> Decide(List<string> writes, List<string> changes)
        {
            Overtake?.Invoke().Wait(TestContext.Current.CancellationToken);
            changes.AddRange(writes);
            return [.. writes.Select((_, i) => _texts.Count + i + 1)];
        }

        public void Apply(List<string> changes) => _texts.AddRange(changes);

        public byte[] Copy()
        {
            Copies++;
            return Encoding.UTF8.GetBytes(string.Join('\n', _texts));
        }
    }
}
