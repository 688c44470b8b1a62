using Allotrope.Conformance;
using Allotrope.Kernel;
using static Allotrope.Record.Tests.RecordWorld;

namespace Allotrope.Record.Tests;

public sealed class FullDiskTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(300_000)]
    public async Task On_a_full_disk_nothing_is_appended_what_was_stays_and_it_goes_on_when_there_is_room(int length)
    {
        using var disk = new SmallDisk(8);
        List<string> acknowledged = [];
        var path = Path.Combine(disk.Path, "record.db");
        await using (var record = SqliteRecord.Open(path, TimeProvider.System))
        {
            for (var round = 0; round < 3; round++)
            {
                await AppendAsync(record, acknowledged, length);
                disk.Fill();
                var fault = await FailsAsync<Fault.Exhausted>(() => AppendUntilFullAsync(record, acknowledged, length));
                Assert.Equal("The disk that holds the record record.db is full: nothing was appended; make room and try again.", fault.Message);
                Assert.Equal(acknowledged, await ReadAsync(record, "s"));
                disk.MakeRoom();
            }
            await AppendAsync(record, acknowledged, length);
            disk.Fill();
            await FailsAsync<Fault.Exhausted>(() => AppendUntilFullAsync(record, acknowledged, length));
        }
        await using (var again = SqliteRecord.OpenReadOnly(path))
            Assert.Equal(acknowledged, await ReadAsync(again, "s"));
        disk.MakeRoom();
        await using (var again = SqliteRecord.Open(path, TimeProvider.System))
        {
            await AppendAsync(again, acknowledged, length);
            Assert.Equal(acknowledged, await ReadAsync(again, "s"));
        }
    }

    [Fact]
    public async Task On_a_disk_that_is_full_already_a_record_says_so_when_it_is_made_and_when_it_is_opened()
    {
        using var disk = new SmallDisk(8);
        var path = Path.Combine(disk.Path, "record.db");
        disk.Fill();
        Assert.Contains("full", Fails<Fault.Exhausted>(() => SqliteRecord.Open(path, TimeProvider.System)).Message, StringComparison.Ordinal);
        disk.MakeRoom();
        List<string> acknowledged = [];
        await using (var record = SqliteRecord.Open(path, TimeProvider.System))
            await AppendAsync(record, acknowledged, 100);
        disk.Fill();
        Assert.Equal("The disk that holds the record record.db is full: make room, then start the node again.",
            Fails<Fault.Failed>(() => SqliteRecord.Open(path, TimeProvider.System)).Message);
        disk.MakeRoom();
        await using (var record = SqliteRecord.Open(path, TimeProvider.System))
            Assert.Equal(acknowledged, await ReadAsync(record, "s"));
    }

    static async Task AppendAsync(IRecord record, List<string> acknowledged, int length)
    {
        var text = $"{acknowledged.Count}".PadRight(length);
        Assert.Equal(acknowledged.Count + 1, await record.AppendAsync("s", acknowledged.Count, [Event(text)]));
        acknowledged.Add(text);
    }

    static async Task AppendUntilFullAsync(IRecord record, List<string> acknowledged, int length)
    {
        for (var i = 0; i < 10_000; i++)
            await AppendAsync(record, acknowledged, length);
    }
}
