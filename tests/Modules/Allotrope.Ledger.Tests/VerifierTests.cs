using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Ledger.Tests;

public class VerifierTests
{
    [Fact]
    public async Task A_ledger_as_it_was_written_is_sound()
    {
        await using var world = await WrittenAsync();
        var entries = await world.EntriesAsync();
        Assert.Equal(new LedgerReport(3, entries[^1].Hash, null), await VerifyAsync(world, world.Record));
    }

    [Fact]
    public async Task An_empty_ledger_is_sound()
    {
        await using var world = await LedgerWorld.StartAsync();
        Assert.Equal(0, (await VerifyAsync(world, world.Record)).Entries);
    }

    public static TheoryData<string, Func<LedgerEntry, LedgerEntry>> Changes => new()
    {
        { "number", entry => entry with { Number = 3 } },
        { "previous", entry => entry with { Previous = new string('0', 64) } },
        { "time", entry => entry with { Time = entry.Time.AddTicks(1) } },
        { "kind", entry => entry with { Kind = EntryKind.Remove } },
        { "tenant", entry => entry with { Tenant = "bob" } },
        { "name", entry => entry with { Name = "shoe" } },
        { "version", entry => entry with { Version = "9" } },
        { "canonical", entry => entry with { Canonical = LedgerWorld.Canonical(LedgerWorld.App("shop", 9)) } },
        { "subject", entry => entry with { Subject = 1 } },
        { "signed at", entry => entry with { SignedAt = entry.SignedAt.AddTicks(1) } },
        { "signer", entry => entry with { Signer = entry.Node } },
        { "signature", entry => entry with { Signature = new byte[64] } },
        { "hash", entry => entry with { Hash = new string('f', 64) } },
        { "node", entry => entry with { Node = entry.Signer } },
        { "seal", entry => entry with { Seal = new byte[64] } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_in_any_field_is_found_at_its_entry(string field, Func<LedgerEntry, LedgerEntry> change)
    {
        await using var world = await WrittenAsync();
        var report = await VerifyChangedAsync(world, change);
        Assert.True(report is { Entries: 1, Flaw.Number: 2 }, $"{field}: {report}");
    }

    /// <summary>All but the node's own words, which it may choose, and seals as it chose.</summary>
    public static IEnumerable<TheoryDataRow<string, Func<LedgerEntry, LedgerEntry>>> SignedChanges =>
        Changes.Where(row => row.Data.Item1 is not ("time" or "version" or "subject" or "hash" or "node" or "seal"));

    [Theory]
    [MemberData(nameof(SignedChanges))]
    public async Task A_node_that_hashes_and_seals_a_change_still_lacks_the_tenants_signature(string field, Func<LedgerEntry, LedgerEntry> change)
    {
        await using var world = await WrittenAsync();
        var report = await VerifyChangedAsync(world, entry => EntrySeal.Seal(change(entry), world.Node));
        Assert.True(report is { Flaw.Number: 2 }, $"{field}: {report}");
    }

    [Fact]
    public async Task A_missing_entry_is_found()
    {
        await using var world = await WrittenAsync();
        var events = await EventsAsync(world);
        Assert.Equal(2, (await VerifyAsync(world, await CopyAsync(world, [events[0], events[2]]))).Flaw?.Number);
    }

    [Fact]
    public async Task An_entry_sealed_by_another_node_is_found()
    {
        await using var world = await WrittenAsync();
        var report = await new LedgerVerifier(world.Tenants, KeyPair.Create(KeyRole.Node, new SeededRandom(99)).PublicKey).VerifyAsync(world.Record);
        Assert.Contains("it was sealed by node", report.Flaw?.Reason);
    }

    [Fact]
    public async Task An_event_that_is_no_entry_is_found()
    {
        await using var world = await WrittenAsync();
        var events = await EventsAsync(world);
        foreach (var junk in (string[])["", "{}", "null", "[1", "{\"number\":\"x\"}"])
        {
            var report = await VerifyAsync(world, await CopyAsync(world, [events[0], new(EntryKind.Put, System.Text.Encoding.UTF8.GetBytes(junk))]));
            Assert.Equal(2, report.Flaw?.Number);
        }
    }

    [Fact]
    public async Task A_damaged_chain_keeps_the_ledger_from_starting()
    {
        await using var world = await WrittenAsync();
        var events = await EventsAsync(world);
        var copy = await CopyAsync(world, [events[0], events[2]]);
        var fault = await LedgerWorld.FaultAsync<Fault.Damaged>(LedgerModule.StartAsync(world.Lattice, copy, world.Tenants, world.Node, world.Time));
        Assert.Contains("Entry 2 of the ledger", fault.Message);
    }

    [Fact]
    public async Task A_restarted_ledger_goes_on_where_it_was()
    {
        await using var world = await WrittenAsync();
        await world.RestartAsync();
        var same = await world.PutAsync(LedgerWorld.App("shop", instances: 2));
        Assert.Equal(("2", "unchanged"), (same.Version, same.Change));
        Assert.Equal(4, (await world.PutAsync(LedgerWorld.App("shop", instances: 3))).Revision);
        Assert.Null((await VerifyAsync(world, world.Record)).Flaw);
    }

    static async Task<LedgerWorld> WrittenAsync()
    {
        var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("other"));
        await world.PutAsync(LedgerWorld.App("shop"));
        await world.PutAsync(LedgerWorld.App("shop", instances: 2));
        return world;
    }

    static Task<LedgerReport> VerifyAsync(LedgerWorld world, IRecord record) =>
        new LedgerVerifier(world.Tenants, world.Node.PublicKey).VerifyAsync(record);

    static async Task<LedgerReport> VerifyChangedAsync(LedgerWorld world, Func<LedgerEntry, LedgerEntry> change)
    {
        var entries = await world.EntriesAsync();
        entries[1] = change(entries[1]);
        return await VerifyAsync(world, await CopyAsync(world, [.. entries.Select(EntryCodec.Write)]));
    }

    static async Task<List<RecordEvent>> EventsAsync(LedgerWorld world)
    {
        var events = new List<RecordEvent>();
        await foreach (var recorded in world.Record.ReadAsync(Streams.Contracts))
            events.Add(new(recorded.Type, recorded.Data));
        return events;
    }

    static async Task<IRecord> CopyAsync(LedgerWorld world, IReadOnlyList<RecordEvent> events)
    {
        var copy = world.OpenRecord($"copy{events.Count}-{Path.GetRandomFileName()}");
        await copy.AppendAsync(Streams.Contracts, 0, events);
        return copy;
    }
}
