using System.CommandLine;
using Allotrope.Contracts;

namespace Allotrope.Commands;

/// <summary><c>allot delete &lt;blueprint&gt;</c>: a signed wish that a blueprint no longer runs.</summary>
static class DeleteCommand
{
    static readonly Argument<string> Blueprint = new("blueprint") { Description = "The blueprint" };

    public static Command Create() => new Command("delete", "Stop a blueprint's workloads and remove it") { Blueprint, SigningKey.Option }.Runs((parsed, session) =>
        RemoveAsync(session, parsed.GetRequiredValue(Blueprint), parsed.GetRequiredValue(SigningKey.Option)));

    /// <summary>Signs the wish, has it admitted, and returns once nothing of the blueprint runs.</summary>
    public static async Task RemoveAsync(Session session, string name, string keyName)
    {
        var admitted = await session.GetAsync(name);
        using var key = session.Keys.Find(keyName);
        var removal = BlueprintSignature.SignRemoval(name, admitted.Revision, key, session.Time.GetUtcNow());
        var receipt = await session.Node.RequestAsync(
            Subjects.BlueprintDelete, removal, ContractsJson.Default.SignedRemoval, ContractsJson.Default.ContractReceipt, cancellation: session.Stop);
        await Convergence.AwaitGoneAsync(session, name);
        session.Output.Object(new EventLine("deleted", name, admitted.Version, receipt.Revision, receipt.Change), CommandsJson.Default.EventLine);
        session.Output.Line($"{name} {admitted.Version} removed (ledger entry {receipt.Revision})");
    }
}
