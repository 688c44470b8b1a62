using System.Text;
using Allotrope.Conformance;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Record;

namespace Allotrope.Ledger.Tests;

/// <summary>A ledger on a real bus and a real record in a folder of its own, with two tenants.</summary>
sealed class LedgerWorld : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("ledger").FullName;
    LedgerModule? _ledger;

    readonly List<IRecord> _records = [];

    LedgerWorld() => (Record, Lattice) = (OpenRecord("record"), new InProcessLattice(Time));

    public ManualTime Time { get; } = new();

    public KeyPair Alice { get; } = KeyPair.Create(KeyRole.User, new SeededRandom(1));

    public KeyPair Bob { get; } = KeyPair.Create(KeyRole.User, new SeededRandom(2));

    public KeyPair Node { get; } = KeyPair.Create(KeyRole.Node, new SeededRandom(3));

    public IRecord Record { get; }

    public ILattice Lattice { get; }

    public Tenants Tenants => Tenants.From([new("alice", [Alice.PublicKey.ToString()]), new("bob", [Bob.PublicKey.ToString()])]);

    public static async Task<LedgerWorld> StartAsync()
    {
        var world = new LedgerWorld();
        await world.RestartAsync();
        return world;
    }

    /// <summary>A record in the world's folder, closed with it.</summary>
    public IRecord OpenRecord(string name)
    {
        var record = SqliteRecord.Open(Path.Combine(_folder, name + ".db"), Time);
        _records.Add(record);
        return record;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        _ledger = await LedgerModule.StartAsync(Lattice, Record, Tenants, Node, Time);
    }

    public async Task StopAsync()
    {
        if (_ledger is { } ledger)
            await ledger.DisposeAsync();
        _ledger = null;
    }

    /// <summary>A second later, as when a person applies one thing after another.</summary>
    public SignedBlueprint Sign(string blueprint, KeyPair? key = null)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return BlueprintSignature.Sign(Canonical(blueprint), key ?? Alice, Time.GetUtcNow());
    }

    public Task<ContractReceipt> PutAsync(string blueprint, KeyPair? key = null) => PutAsync(Sign(blueprint, key));

    public async Task<ContractReceipt> PutAsync(SignedBlueprint signed) =>
        (await Lattice.RequestAsync(new(Subjects.BlueprintPut, Payload.Of(signed, ContractsJson.Default.SignedBlueprint))))
        .Payload.As(ContractsJson.Default.ContractReceipt);

    public async Task<ContractReceipt> DeleteAsync(string name, long revision, KeyPair? key = null)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return await DeleteAsync(BlueprintSignature.SignRemoval(name, revision, key ?? Alice, Time.GetUtcNow()));
    }

    public async Task<ContractReceipt> DeleteAsync(SignedRemoval signed) =>
        (await Lattice.RequestAsync(new(Subjects.BlueprintDelete, Payload.Of(signed, ContractsJson.Default.SignedRemoval))))
        .Payload.As(ContractsJson.Default.ContractReceipt);

    public async Task<AdmittedBlueprint> GetAsync(string name) =>
        (await Lattice.RequestAsync(new(Subjects.BlueprintGet, Payload.Of(new NameRequest(name), ContractsJson.Default.NameRequest))))
        .Payload.As(ContractsJson.Default.AdmittedBlueprint);

    public async Task<List<LedgerEntry>> EntriesAsync()
    {
        var entries = new List<LedgerEntry>();
        await foreach (var recorded in Record.ReadAsync(Streams.Contracts))
            entries.Add(EntryCodec.Read(recorded));
        return entries;
    }

    /// <summary>A blueprint with one component.</summary>
    public static string App(string name, int instances = 1, string? version = null) =>
        $$$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: {{{name}}}, annotations: { {{{(version is null ? "" : $"version: {version}")}}} }}
        spec:
          components:
            - name: main
              type: actor
              properties: {image: "a.wasm@sha256:{{{new string('a', 64)}}}"}
              traits: [{type: spreadscaler, properties: {instances: {{{instances}}} }}]
        """;

    public static byte[] Canonical(string blueprint) =>
        BlueprintCanonical.Write(BlueprintReader.Read(Encoding.UTF8.GetBytes(blueprint), "app.yaml").Blueprint);

    public static async Task<T> FaultAsync<T>(Task request) where T : Fault =>
        Assert.IsType<T>((await Assert.ThrowsAsync<FaultException>(() => request)).Fault);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Lattice.DisposeAsync();
        foreach (var record in _records)
            await record.DisposeAsync();
        foreach (var key in (KeyPair[])[Alice, Bob, Node])
            key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
