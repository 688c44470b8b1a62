using System.Text;
using Allotrope.Artery;
using Allotrope.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Allotrope.Arteries.Tests;

public sealed class ArchiveTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public async Task A_zone_that_wants_it_keeps_its_intents_in_files_that_can_be_read_again()
    {
        var manifest = Zone.Of(Zone.Service("a"), Zone.Service("b")) with { Stabilized = false, Archive = 1 };
        await using (var node = await TestNode.StartAsync(manifest, [], new ArteriesOptions { Archive = _folder }))
        {
            await using var a = new TestService("a", TimeProvider.System);
            await a.ConnectAsync(new WebSocketTransport(await node.DialAsync()));
            await a.NextBeatAsync();
            a.Say("DOOR", """{"open":true}""");
            await node.SayAsync("LAMP", "7");
            await node.UntilAsync("a", artery => artery is { Sent: 1, Received: 1 });
        }
        var read = await ReadAsync(Path.Combine(_folder, Zone.Name));
        Assert.Equal(
            [("a", "DOOR", """{"open":true}""", 1L), ("core", "LAMP", "7", 1L)],
            read.Select(intent => (intent.Origin, intent.Name, intent.Data, intent.Sequence)).Order());
    }

    [Fact]
    public async Task Nothing_that_was_archived_is_ever_delivered_by_a_core()
    {
        var manifest = Zone.Of(Zone.Service("a"), Zone.Service("b")) with { Stabilized = false, Archive = 1 };
        var options = new ArteriesOptions { Archive = _folder };
        for (var life = 1; life <= 2; life++)
        {
            await using var node = await TestNode.StartAsync(manifest, [], options);
            await node.SayAsync($"LIFE{life}"); // nobody is there: dropped, and archived
            await using var b = new TestService("b", TimeProvider.System, life);
            await b.ConnectAsync(new WebSocketTransport(await node.DialAsync()));
            await b.NextBeatAsync();
            await node.SayAsync("NOW");
            Assert.Equal("NOW", (await b.NextAsync()).Name);
        }
        Assert.Equal(["LIFE1", "NOW", "LIFE2", "NOW"], (await ReadAsync(Path.Combine(_folder, Zone.Name))).Select(intent => intent.Name));
    }

    [Fact]
    public void Files_are_bounded_and_the_oldest_go_first()
    {
        using (var files = new ArchiveFiles(_folder, bytes: 8000))
            for (var i = 0; i < 1000; i++)
                files.Write(Encoding.ASCII.GetBytes($"{i:D99}\n"));
        var kept = Directory.GetFiles(_folder).Order(StringComparer.Ordinal).ToList();
        Assert.InRange(kept.Sum(file => new FileInfo(file).Length), 7000, 8000);
        Assert.EndsWith("999\n", File.ReadAllText(kept[^1]));
        Assert.All(kept, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_ends_the_archive_and_not_the_zone()
    {
        var log = new LogLines();
        await File.WriteAllTextAsync(Path.Combine(_folder, "home"), "a file where the folder should be", TestContext.Current.CancellationToken);
        await using var archive = new IntentArchive("home", Path.Combine(_folder, "home"), 1024, log);
        archive.See(new Intent("DOOR", new Origin("a", 1), 1, 0, default));
        await ZoneWorld.UntilAsync(() => !archive.IsWanted);
        await ZoneWorld.UntilAsync(() => log.Has("archived no longer"));
        archive.See(new Intent("DOOR", new Origin("a", 1), 2, 0, default)); // does no harm
    }

    [Fact]
    public async Task A_damaged_file_is_read_as_far_as_it_goes_and_with_bounded_memory()
    {
        var good = IntentLines.Write(new IntentRecord("home", "a", "DOOR", "1", DateTimeOffset.UnixEpoch, 1));
        byte[] lines =
        [
            .. good, .. "no json\n"u8, .. "{}\n"u8, .. "null\n"u8, .. new byte[IntentLines.LongestLine + 5], (byte)'\n', .. good,
            .. Encoding.ASCII.GetBytes(new string('[', 100_000)), (byte)'\n', .. good[..^4],
        ];
        List<long> damaged = [];
        var read = 0;
        await foreach (var intent in IntentLines.ReadAsync(new MemoryStream(lines), damaged.Add, TestContext.Current.CancellationToken))
            Assert.Equal(("DOOR", ++read > 0), (intent.Name, true));
        Assert.Equal(2, read);
        Assert.Equal([2, 3, 4, 5, 7, 8], damaged);
    }

    [Fact]
    public async Task Whatever_is_in_a_file_is_read_or_passed_over_and_nothing_else()
    {
        var random = new Random(20261121);
        var good = IntentLines.Write(new IntentRecord("home", "a", "DOOR", """{"x":[1,"y"]}""", DateTimeOffset.UnixEpoch, 1));
        for (var round = 0; round < 2000; round++)
        {
            byte[] bytes = [.. good, .. good];
            for (var change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            await foreach (var intent in IntentLines.ReadAsync(new MemoryStream(bytes), _ => { }, TestContext.Current.CancellationToken))
                Assert.True(IntentName.IsValid(intent.Name));
        }
    }

    [Fact]
    public async Task Who_looks_on_costs_bounded_memory_and_what_is_left_out_is_counted()
    {
        var seen = new SeenIntents();
        for (var i = 1; i <= 1000; i++)
            seen.Add(new Intent("DOOR", new Origin("a", 1), i, 0, new byte[200_000]));
        Assert.InRange(seen.LeftOut, 800, 900);
        while (seen.TryTake(out _))
        {
        }
        seen.Add(new Intent("DOOR", new Origin("a", 1), 1001, 0, default));
        Assert.True(await seen.WaitAsync());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static async Task<List<IntentRecord>> ReadAsync(string folder)
    {
        List<IntentRecord> read = [];
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            await using var stream = File.OpenRead(file);
            await foreach (var intent in IntentLines.ReadAsync(stream, line => Assert.Fail($"line {line}")))
                if (!intent.Name.StartsWith("PULSE_", StringComparison.Ordinal)) // on a real clock as the machine goes
                    read.Add(intent);
        }
        return read;
    }
}
