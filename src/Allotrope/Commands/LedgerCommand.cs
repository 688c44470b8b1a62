using System.CommandLine;
using Allotrope.Kernel;
using Allotrope.Ledger;
using Allotrope.Record;

namespace Allotrope.Commands;

/// <param name="Entries">How many entries are sound, from the first on.</param>
/// <param name="Head">The hash of the last of them.</param>
sealed record LedgerLine(long Entries, string Head);

/// <summary><c>allot ledger verify</c>: checks the ledger from its first entry to its last, without a node.</summary>
static class LedgerCommand
{
    public static Command Create() => new Command("ledger", "Check the ledger") { Verify() };

    static Command Verify() => new Command("verify", "Check every entry, hash, signature and seal of the ledger, offline").Runs(async (_, session) =>
    {
        var layout = session.Layout;
        if (!File.Exists(layout.Record))
            throw new FaultException(new Fault.NotFound($"There is no ledger in {layout.Root}: a node makes it there with `allot up`."));
        using var node = session.Keys.Read(DataFolder.KeyFolder.NodeKey);
        await using var record = SqliteRecord.OpenReadOnly(layout.Record);
        var report = await new LedgerVerifier(Tenants.Load(layout.Tenants), node.PublicKey).VerifyAsync(record, session.Stop);
        if (report.Flaw is { } flaw)
            throw new FaultException(new Fault.Damaged(
                $"The ledger in {layout.Root} is sound up to entry {report.Entries}; entry {flaw.Number} is not: {flaw.Reason}."));
        session.Output.Object(new LedgerLine(report.Entries, report.Head), CommandsJson.Default.LedgerLine);
        session.Output.Line($"The ledger is sound: {report.Entries} entries, head {report.Head}");
    });
}
