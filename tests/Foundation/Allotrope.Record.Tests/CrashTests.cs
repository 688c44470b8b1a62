using System.Text;

namespace Allotrope.Record.Tests;

public sealed class CrashTests : IDisposable
{
    const int Kills = 25;

    readonly RecordWorld _world = new();

    [Fact]
    public async Task After_every_kill_all_that_was_acknowledged_is_there_without_holes()
    {
        var random = new Random(9);
        for (var kill = 0; kill < Kills; kill++)
        {
            var writer = await CrashWriter.StartAsync(_world.Path);
            await using (writer)
                await writer.ReadAcknowledgedAsync(random.Next(1, 200));
            await using var record = _world.Open();
            foreach (var stream in CrashWriter.Streams)
                await CheckAsync(record, stream, writer.Acknowledged.GetValueOrDefault(stream));
        }
    }

    [Fact]
    public async Task A_kill_while_the_record_is_made_leaves_it_to_be_made_again()
    {
        File.WriteAllText(_world.Path + ".new", "half a database");
        await _world.WriteAsync("s", "a");
        Assert.False(File.Exists(_world.Path + ".new"));
    }

    static async Task CheckAsync(SqliteRecord record, string stream, long acknowledged)
    {
        var expected = 0L;
        await foreach (var one in record.ReadAsync(stream))
        {
            Assert.Equal(++expected, one.Revision);
            Assert.Equal(CrashWriter.TextOf(stream, expected), Encoding.UTF8.GetString(one.Data.Span));
        }
        Assert.True(expected >= acknowledged, $"{stream}: revision {acknowledged} was acknowledged, {expected} is the last there.");
        Assert.Equal(0, expected % CrashWriter.Batch);
    }

    public void Dispose() => _world.Dispose();
}
