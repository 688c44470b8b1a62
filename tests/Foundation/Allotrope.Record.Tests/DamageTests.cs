using System.Text;
using Allotrope.Kernel;
using static Allotrope.Record.Tests.RecordWorld;

namespace Allotrope.Record.Tests;

public sealed class DamageTests : IDisposable
{
    readonly RecordWorld _world = new();

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(_world.Path, new string('x', 10_000));
        var fault = Fails<Fault.Damaged>(() => _world.Open());
        Assert.Contains(_world.Path, fault.Message);
        Assert.Contains("restore it from a backup", fault.Message);
    }

    [Fact]
    public void An_empty_file_is_refused()
    {
        File.WriteAllText(_world.Path, "");
        Assert.Contains("is empty", Fails<Fault.Damaged>(() => _world.Open()).Message);
    }

    [Fact]
    public void The_database_of_another_program_is_refused()
    {
        _world.Tamper("create table t(a)");
        Assert.Contains("is not a record of Allotrope", Fails<Fault.Damaged>(() => _world.Open()).Message);
    }

    [Fact]
    public async Task A_record_of_a_newer_version_is_refused()
    {
        await _world.WriteAsync("s", "a");
        _world.Tamper($"pragma user_version = {RecordSchema.Version + 1}");
        Assert.Contains("newer Allotrope", Fails<Fault.Damaged>(() => _world.Open()).Message);
    }

    [Fact]
    public async Task A_truncated_file_is_refused()
    {
        await _world.WriteAsync("s", [.. Enumerable.Range(0, 500).Select(i => $"event {i}")]);
        using (var file = File.OpenWrite(_world.Path))
            file.SetLength(file.Length / 2);
        Fails<Fault.Damaged>(() => _world.Open());
    }

    [Fact]
    public void A_missing_file_whose_log_is_there_is_refused()
    {
        File.WriteAllText(_world.Path + "-wal", "what was committed last");
        Assert.Contains("is missing", Fails<Fault.Damaged>(() => _world.Open()).Message);
    }

    [Fact]
    public async Task A_flipped_bit_in_an_event_is_refused()
    {
        await _world.WriteAsync("s", "first", "some words to be found", "third");
        _world.FlipBitIn("some words");
        await using var record = _world.Open();
        var fault = await FailsAsync<Fault.Damaged>(() => ReadAsync(record, "s"));
        Assert.Contains("event 2 of stream s", fault.Message);
    }

    [Fact]
    public async Task A_flipped_bit_in_a_snapshot_is_refused()
    {
        await using (var record = _world.Open())
        {
            await record.AppendAsync("s", 0, [Event("a")]);
            await record.SaveSnapshotAsync("s", new RecordSnapshot(1, Encoding.UTF8.GetBytes("state to be found")));
        }
        _world.FlipBitIn("state to");
        await using var damaged = _world.Open();
        Assert.Contains("snapshot of stream s", (await FailsAsync<Fault.Damaged>(() => damaged.ReadSnapshotAsync("s").AsTask())).Message);
    }

    [Theory]
    [InlineData("delete from event where revision = 2", "event 2 of stream s is missing")]
    [InlineData("delete from event where revision = 3", "event 3 of stream s is missing")]
    [InlineData("update event set time = time + 1 where revision = 2", "event 2 of stream s is not what was written")]
    [InlineData("update event set type = 'done' where revision = 2", "event 2 of stream s is not what was written")]
    public async Task An_event_changed_from_outside_is_found(string sql, string found)
    {
        await _world.WriteAsync("s", "a", "b", "c");
        _world.Tamper(sql);
        await using var record = _world.Open();
        Assert.Contains(found, (await FailsAsync<Fault.Damaged>(() => ReadAsync(record, "s"))).Message);
    }

    [Fact]
    public async Task Damage_in_one_stream_leaves_the_others_readable()
    {
        await _world.WriteAsync("s", "a to be damaged");
        await _world.WriteAsync("t", "b");
        _world.FlipBitIn("a to be");
        await using var record = _world.Open();
        Assert.Equal(["b"], await ReadAsync(record, "t"));
    }

    [Fact]
    public async Task A_file_with_any_byte_changed_is_read_truly_or_refused()
    {
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => $"event {i} {new string('x', 50)}")];
        await _world.WriteAsync("s", texts);
        var whole = File.ReadAllBytes(_world.Path);
        var random = new Random(7);
        for (var round = 0; round < 120; round++)
        {
            var changed = whole.ToArray();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_world.Path, changed);
            try
            {
                await using var record = _world.Open();
                // A changed name of the stream makes it another stream; what is there under the right name must be right.
                var read = await ReadAsync(record, "s");
                Assert.True(read is [] || read.SequenceEqual(texts), $"Round {round}: {read.Count} events, not the ones written.");
            }
            catch (FaultException error)
            {
                Assert.True(error.Fault is Fault.Damaged, $"Round {round}: {error.Fault}");
            }
        }
    }

    public void Dispose() => _world.Dispose();
}
