using Allotrope.Contracts;
using Allotrope.Control;
using Allotrope.DataFolder;
using Allotrope.Lattice;

namespace Allotrope.Commands;

/// <summary>What every command has at hand.</summary>
/// <param name="Layout">The data folder that <c>--data</c> names.</param>
/// <param name="Stop">Ctrl-C.</param>
sealed record Session(FolderLayout Layout, Output Output, TimeProvider Time, CancellationToken Stop)
{
    /// <summary>The node on the data folder, over the bus.</summary>
    public ControlClient Node { get; } = new(Layout.ControlSocket, Layout.Root);

    public KeyFolder Keys { get; } = new(Layout.Keys);

    public async Task<BlueprintList> ListAsync() =>
        (await Node.RequestAsync(new Message(Subjects.BlueprintList), cancellation: Stop)).Payload.As(ContractsJson.Default.BlueprintList);

    public Task<BlueprintStatus> StatusAsync(string blueprint) => Node.RequestAsync(
        Subjects.BlueprintStatus, new NameRequest(blueprint), ContractsJson.Default.NameRequest, ContractsJson.Default.BlueprintStatus, cancellation: Stop);

    /// <summary>The workloads of every blueprint.</summary>
    public async Task<IReadOnlyList<WorkloadStatus>> WorkloadsAsync()
    {
        var workloads = new List<WorkloadStatus>();
        foreach (var blueprint in (await ListAsync()).Blueprints)
            workloads.AddRange((await StatusAsync(blueprint.Name)).Workloads);
        return workloads;
    }

    public Task<AdmittedBlueprint> GetAsync(string blueprint) => Node.RequestAsync(
        Subjects.BlueprintGet, new NameRequest(blueprint), ContractsJson.Default.NameRequest, ContractsJson.Default.AdmittedBlueprint, cancellation: Stop);
}
