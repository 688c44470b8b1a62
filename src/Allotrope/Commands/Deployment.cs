using Allotrope.Checking;
using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Commands;

/// <summary>Brings a blueprint from a file to the node: uploads its actors, signs it, has it admitted, and waits until it runs.</summary>
static class Deployment
{
    /// <returns>How it runs, or <see langword="null"/> when not waited for.</returns>
    public static async Task<BlueprintStatus?> ApplyAsync(Session session, BlueprintDraft draft, string keyName, bool wait)
    {
        foreach (var warning in draft.Warnings)
            session.Output.Warn(warning.ToString());
        await SharedTypes.CheckAsync(session, draft);
        foreach (var image in draft.Images)
            await UploadAsync(session, image);

        using var key = session.Keys.Find(keyName);
        var signed = BlueprintSignature.Sign(draft.Canonical, key, session.Time.GetUtcNow());
        var receipt = await session.Node.RequestAsync(
            Subjects.BlueprintPut, signed, ContractsJson.Default.SignedBlueprint, ContractsJson.Default.ContractReceipt, cancellation: session.Stop);
        session.Output.Object(
            new EventLine("applied", receipt.Name, receipt.Version, receipt.Revision, receipt.Change), CommandsJson.Default.EventLine);
        if (!wait)
        {
            session.Output.Line($"{receipt.Name} {receipt.Version} {receipt.Change} (ledger entry {receipt.Revision})");
            return null;
        }

        var status = await Convergence.AwaitDeployedAsync(session, receipt.Name, receipt.Revision);
        session.Output.Object(
            new EventLine("deployed", status.Name, status.Version, status.Revision, Message: status.Message, Urls: Urls(status)), CommandsJson.Default.EventLine);
        session.Output.Line($"{receipt.Name} {receipt.Version} {receipt.Change} and running (ledger entry {receipt.Revision})");
        foreach (var url in Urls(status))
            session.Output.Line($"  {url}");
        return status;
    }

    /// <summary>Where people reach a blueprint.</summary>
    public static IReadOnlyList<string> Urls(BlueprintStatus status) => [.. status.Workloads.SelectMany(workload => workload.Urls).Distinct()];

    static async Task UploadAsync(Session session, ImageFile image)
    {
        var presence = await session.Node.RequestAsync(
            Subjects.ArtifactHas, new ArtifactQuery(image.Digest), ContractsJson.Default.ArtifactQuery, ContractsJson.Default.ArtifactPresence,
            cancellation: session.Stop);
        if (presence.Present)
            return;
        var content = await File.ReadAllBytesAsync(image.Path, session.Stop);
        await session.Node.RequestAsync(new Message(Subjects.ArtifactPut, Payload.Of(content)), cancellation: session.Stop);
    }
}
