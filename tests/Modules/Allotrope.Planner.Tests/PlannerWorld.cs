using Allotrope.Conformance;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Ledger;
using Allotrope.Record;

namespace Allotrope.Planner.Tests;

/// <summary>A planner and a ledger on a real bus and a real record; the test plays the modules.</summary>
sealed class PlannerWorld : IAsyncDisposable
{
    public const string Node = "n1";

    readonly string _folder = Directory.CreateTempSubdirectory("planner").FullName;
    readonly KeyPair _user = KeyPair.Create(KeyRole.User, new SeededRandom(1));
    readonly KeyPair _node = KeyPair.Create(KeyRole.Node, new SeededRandom(2));
    LedgerModule? _ledger;

    PlannerWorld() => (Record, Lattice) = (SqliteRecord.Open(Path.Combine(_folder, "record.db"), Time), new InProcessLattice(Time));

    public ManualTime Time { get; } = new();

    public IRecord Record { get; }

    public ILattice Lattice { get; }

    public PlannerModule Planner { get; private set; } = null!;

    public IBucket Assignments { get; private set; } = null!;

    public IBucket Statuses { get; private set; } = null!;

    public static async Task<PlannerWorld> StartAsync()
    {
        var world = new PlannerWorld();
        world.Assignments = await world.Lattice.OpenBucketAsync(new(Buckets.Assignments));
        world.Statuses = await world.Lattice.OpenBucketAsync(new(Buckets.Status));
        world._ledger = await LedgerModule.StartAsync(
            world.Lattice, world.Record, Tenants.From([new("home", [world._user.PublicKey.ToString()])]), world._node, world.Time);
        await world.StartPlannerAsync();
        return world;
    }

    public async Task StartPlannerAsync() =>
        Planner = await PlannerModule.StartAsync(Lattice, Record, [new(Node, new Dictionary<string, string> { ["zone"] = "east" })], Time);

    public async Task<ContractReceipt> ApplyAsync(string app)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        var signed = BlueprintSignature.Sign(App.Canonical(app), _user, Time.GetUtcNow());
        return (await Lattice.RequestAsync(new(Subjects.BlueprintPut, Payload.Of(signed, ContractsJson.Default.SignedBlueprint))))
            .Payload.As(ContractsJson.Default.ContractReceipt);
    }

    public async Task DeleteAsync(string name, long revision)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        var signed = BlueprintSignature.SignRemoval(name, revision, _user, Time.GetUtcNow());
        await Lattice.RequestAsync(new(Subjects.BlueprintDelete, Payload.Of(signed, ContractsJson.Default.SignedRemoval)));
    }

    /// <summary>What a module would say of every workload that is assigned.</summary>
    public async Task RunAllAsync(WorkloadState state = WorkloadState.Running)
    {
        foreach (var assignment in (await AssignedAsync()).Values)
            await ReportAsync(assignment, state, state == WorkloadState.Failed ? "the wheel came off" : "runs");
    }

    public async Task ReportAsync(Assignment assignment, WorkloadState state, string message, long? revision = null) => await Statuses.PutAsync(
        $"{assignment.Node}.{assignment.Workload}",
        Payload.Of(new WorkloadStatus(assignment.Node, assignment.Workload, assignment.Component, revision ?? assignment.Revision, state,
            assignment.Instances, message, []), ContractsJson.Default.WorkloadStatus).ToBytes());

    /// <summary>By workload, once the planner has taken in every entry there is.</summary>
    public async Task<Dictionary<string, Assignment>> AssignedAsync()
    {
        await ListAsync();
        var assigned = new Dictionary<string, Assignment>();
        await foreach (var key in Assignments.KeysAsync())
            if (await Assignments.GetAsync(key) is { } entry)
                assigned[key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..]] = Payload.Of(entry.Value).As(ContractsJson.Default.Assignment);
        return assigned;
    }

    public async Task<IReadOnlyList<BlueprintSummary>> ListAsync() =>
        (await Lattice.RequestAsync(new(Subjects.BlueprintList))).Payload.As(ContractsJson.Default.BlueprintList).Blueprints;

    public async Task<BlueprintStatus> StatusAsync(string name) =>
        (await Lattice.RequestAsync(new(Subjects.BlueprintStatus, Payload.Of(new NameRequest(name), ContractsJson.Default.NameRequest))))
        .Payload.As(ContractsJson.Default.BlueprintStatus);

    public async Task<BlueprintProgress> FollowAsync(string name, long change, TimeSpan wait) =>
        (await Lattice.RequestAsync(
            new(Subjects.BlueprintFollow, Payload.Of(new FollowRequest(name, change, wait), ContractsJson.Default.FollowRequest)),
            wait + TimeSpan.FromMinutes(1)))
        .Payload.As(ContractsJson.Default.BlueprintProgress);

    /// <summary>Follows, as the command line does, until the status is as wished.</summary>
    public async Task<BlueprintStatus> UntilAsync(string name, Func<BlueprintStatus, bool> wished)
    {
        for (var change = 0L; ;)
        {
            var progress = await FollowAsync(name, change, TimeSpan.FromSeconds(20));
            if (wished(progress.Status))
                return progress.Status;
            change = progress.Change;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Planner.DisposeAsync();
        await _ledger!.DisposeAsync();
        await Lattice.DisposeAsync();
        await Record.DisposeAsync();
        _user.Dispose();
        _node.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
