using System.Net;
using System.Net.Sockets;
using System.Text;
using Allotrope.Contracts;
using Allotrope.Control;
using Allotrope.DataFolder;
using Allotrope.Kernel;

namespace Allotrope.EndToEnd;

/// <summary>What goes wrong says so in one sentence with its own exit code, and disturbs nobody else on the node.</summary>
public class ErrorTests
{
    const int Invalid = 2;
    const int NotFound = 3;
    const int Refused = 4;
    const int Conflict = 5;
    const int Damaged = 9;

    [Fact]
    public async Task A_tampered_actor_is_refused()
    {
        await using var world = new World();
        var wasm = await File.ReadAllBytesAsync(Repository.Guest("counter"), TestContext.Current.CancellationToken);
        // One letter of the text "counter" in its data: still a valid module, but not the one that was signed.
        wasm[wasm.AsSpan().IndexOf(Encoding.Unicode.GetBytes("counter"))] ^= 1;
        await File.WriteAllBytesAsync(world["tampered.wasm"], wasm, TestContext.Current.CancellationToken);
        var blueprint = world.Write("bad.yaml", Blueprints.Counter("bad", "tampered.wasm", values: "path: /bad"));
        await UndisturbedAsync(world, async () => (await world.AllotAsync("apply", blueprint)).Fails(Refused, "bad-actor", "changed after"));
    }

    [Fact]
    public async Task A_blueprint_signed_by_a_stranger_is_refused()
    {
        await using var world = new World();
        await UndisturbedAsync(world, async () =>
        {
            (await world.AllotAsync("key", "new", "stranger")).Ok();
            (await world.AllotAsync("apply", "samples/counter", "--key", "stranger")).Fails(Refused, "tenant");
        });
    }

    [Fact]
    public async Task An_unsigned_blueprint_is_refused()
    {
        await using var world = new World();
        await UndisturbedAsync(world, async () =>
        {
            var layout = new FolderLayout(world.Data);
            using var user = new KeyFolder(layout.Keys).Read(KeyFolder.UserKey);
            var draft = await BlueprintDraft.LoadAsync(Repository.PathOf("samples/counter"), TestContext.Current.CancellationToken);
            var unsigned = BlueprintSignature.Sign(draft.Canonical, user, DateTimeOffset.UtcNow) with { Signature = default };
            var error = await Assert.ThrowsAsync<FaultException>(() => new ControlClient(layout.ControlSocket, layout.Root).RequestAsync(
                Subjects.BlueprintPut, unsigned, ContractsJson.Default.SignedBlueprint, ContractsJson.Default.ContractReceipt));
            Assert.IsType<Fault.Refused>(error.Fault);
        });
    }

    [Fact]
    public async Task An_actor_without_the_key_value_capability_is_refused()
    {
        await using var world = new World();
        await UndisturbedAsync(world, async () =>
        {
            (await world.AllotAsync("actor", "sign", Repository.Guest("counter"), "--out", world["poor.wasm"], "--cap", "wasmcloud:httpserver")).Ok();
            var blueprint = world.Write("poor.yaml", Blueprints.Counter("poor", "poor.wasm", values: "path: /poor"));
            (await world.AllotAsync("apply", blueprint)).Fails(Refused, "wasmcloud:keyvalue");
        });
    }

    [Fact]
    public async Task A_misspelt_key_is_named_with_its_place()
    {
        await using var world = new World();
        var blueprint = world.Write("app.yaml", Blueprints.Http("typo", Repository.Guest("hello")).Replace("instances:", "instnces:", StringComparison.Ordinal));
        await UndisturbedAsync(world, async () => (await world.AllotAsync("apply", blueprint)).Fails(Invalid, "app.yaml", "instnces", "instances"));
        (await world.AllotAsync("up", blueprint)).Fails(Invalid, "instnces");
    }

    [Fact]
    public async Task A_blueprint_that_is_not_there_is_not_found()
    {
        await using var world = new World();
        (await world.AllotAsync("up", world["none.yaml"])).Fails(NotFound, "none.yaml");
        Assert.False(Directory.Exists(world.Data)); // nothing was begun
    }

    [Fact]
    public async Task A_port_in_use_is_a_conflict()
    {
        await using var world = new World();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        (await world.AllotAsync("up", "samples/hello", "--http-port", $"{port}")).Fails(Conflict, $"{port}");

        var blueprint = world.Write("app.yaml", Blueprints.Http("taken", Repository.Guest("hello"), values: $"port: {port}"));
        await using var fresh = new World();
        await UndisturbedAsync(fresh, async () => (await fresh.AllotAsync("apply", blueprint)).Fails(Conflict, $"{port}"));
    }

    [Fact]
    public async Task A_second_node_on_a_data_folder_is_a_conflict()
    {
        await using var world = new World();
        await UndisturbedAsync(world, async () => (await world.AllotAsync("up")).Fails(Conflict, world.Data));
    }

    [Theory]
    [InlineData("record.db")]
    [InlineData("keys/node.nk")]
    [InlineData("tenants/home.json")]
    [InlineData("version")]
    public async Task A_damaged_data_folder_is_told(string file)
    {
        await using var world = new World();
        await (await world.UpAsync("samples/counter")).StopAsync();
        await File.WriteAllTextAsync(Path.Combine(world.Data, file), "damaged", TestContext.Current.CancellationToken);
        (await world.AllotAsync("up")).Fails(Damaged, file);
    }

    [Fact]
    public async Task A_missing_node_is_unreachable()
    {
        await using var world = new World();
        (await world.AllotAsync("status")).Fails(6, world.Data, "allot up");
    }

    /// <summary>An actor that was there before answers while <paramref name="mishap"/> happens and after, without one failure.</summary>
    static async Task UndisturbedAsync(World world, Func<Task> mishap)
    {
        var node = await world.UpAsync("samples/hello");
        using var done = new CancellationTokenSource();
        var asking = AskAsync();
        await mishap();
        await done.CancelAsync();
        Assert.True(await asking > 0);

        async Task<int> AskAsync()
        {
            var answered = 0;
            do
            {
                Assert.Equal("Hello, Ada!", await node.GetAsync("/hello/Ada"));
                answered++;
            }
            while (!done.IsCancellationRequested);
            return answered;
        }
    }
}
