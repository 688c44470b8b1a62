using System.Diagnostics.Metrics;
using Allotrope.Kernel;
using static Allotrope.Record.Tests.RecordWorld;

namespace Allotrope.Record.Tests;

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Alone, because the meter counts for the whole process.</summary>
[Collection(nameof(Alone))]
public sealed class GroupCommitTests : IDisposable
{
    readonly RecordWorld _world = new();

    [Fact]
    public async Task Appends_at_once_share_transactions()
    {
        using var groups = new Groups();
        await using (var record = _world.Open())
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => record.AppendAsync($"s{i % 10}", IRecord.AnyRevision, [Event($"{i}")]).AsTask()));
        Assert.Equal(1000, groups.Sizes.Sum());
        Assert.True(groups.Sizes.Count < 200, $"{groups.Sizes.Count} transactions for 1000 appends.");
        Assert.All(groups.Sizes, size => Assert.InRange(size, 1, RecordLimits.AppendsPerGroup));
    }

    [Fact]
    public async Task Each_append_of_a_group_has_its_own_verdict()
    {
        await using var record = _world.Open();
        var appends = Enumerable.Range(0, 400).Select(i => record.AppendAsync("s", i % 2 == 0 ? IRecord.AnyRevision : 1_000_000, [Event($"{i}")]).AsTask()).ToList();
        await Task.WhenAll(appends.Select(one => one.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.All(appends.Where((_, i) => i % 2 == 0), one => Assert.True(one.IsCompletedSuccessfully));
        Assert.All(appends.Where((_, i) => i % 2 == 1), one =>
            Assert.IsType<Fault.Conflict>(((FaultException)one.Exception!.InnerException!).Fault));
        Assert.Equal(200, (await ReadAsync(record, "s")).Count);
    }

    [Fact]
    public async Task Closing_writes_what_was_accepted()
    {
        var record = _world.Open();
        var appends = Enumerable.Range(0, 300).Select(i => record.AppendAsync("s", IRecord.AnyRevision, [Event($"{i}")]).AsTask()).ToList();
        await record.DisposeAsync();
        await Task.WhenAll(appends);
        await using var again = _world.Open();
        Assert.Equal(300, (await ReadAsync(again, "s")).Count);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_append_and_the_record_goes_on_when_there_is_room()
    {
        await _world.WriteAsync("s", "a");
        using var file = RecordFile.ForWriting(_world.Path);
        var connection = file.OpenWriter();
        var heads = new StreamHeads();
        heads.Load(connection);
        await using var writer = new RecordWriter(file, connection, heads, TimeProvider.System);
        connection.Execute("pragma max_page_count = 20");
        var fault = await FailsAsync<Fault.Exhausted>(() => Append(writer, new string('x', 500_000)));
        Assert.Contains("full", fault.Message);
        connection.Execute("pragma max_page_count = 20000");
        Assert.Equal(2, await Append(writer, new string('x', 500_000)));
    }

    static Task<long> Append(RecordWriter writer, string text) =>
        writer.WriteAsync(new RecordWrite.Append("s", 1, [Event(text)]), CancellationToken.None).AsTask();

    public void Dispose() => _world.Dispose();

    sealed class Groups : IDisposable
    {
        readonly MeterListener _listener = new();

        public Groups()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "allotrope.record.group_size")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>((_, size, _, _) => Sizes.Add(size)); // one writer, one thread
            _listener.Start();
        }

        public List<int> Sizes { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
