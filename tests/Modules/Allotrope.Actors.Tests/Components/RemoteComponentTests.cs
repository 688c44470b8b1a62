using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.Components;

/// <summary>Components that are linked and on two nodes of one lattice (docs/reference/component-values.md).</summary>
[Collection(nameof(Components))]
public sealed class RemoteComponentTests : IAsyncLifetime
{
    static readonly ComponentFunctionType Find = new(
        [new("id", PrimitiveType.Of(PrimitiveKind.U32))],
        VariantType.Option(new RecordType(["name", "visits"], [PrimitiveType.Of(PrimitiveKind.String), PrimitiveType.Of(PrimitiveKind.U32)])),
        isAsync: false);

    static readonly FunctionCall FindOne = new(
        FunctionCall.CurrentVersion, "test", "demo:greeting/names@0.1.0", "find", new FunctionEncoding(Find).Digest, new byte[] { 1 }, ActorNode.Patience);

    ActorNode _node = null!;
    ActorNode _other = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        _other = await ActorNode.StartAsync(beside: _node);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_component_calls_one_on_another_node()
    {
        await _other.RunPeopleAsync("Ada");
        await _other.RunTitlesAsync();
        var status = await _node.RunPageAsync();
        Assert.True(status.State == WorkloadState.Running, status.Message);
        Assert.Equal((200, "Welcome, Countess Ada!"), await _node.GetAsync("page", "/1"));
        Assert.Equal((404, "Nobody has this number."), await _node.GetAsync("page", "/2"));
    }

    [Fact]
    public async Task One_may_be_on_this_node_and_one_on_another()
    {
        await _other.RunPeopleAsync("Ada");
        await _node.RunTitlesAsync();
        await _node.RunPageAsync();
        Assert.Equal((200, "Welcome, Countess Ada!"), await _node.GetAsync("page", "/1"));
    }

    [Fact]
    public async Task One_that_comes_to_this_node_is_called_here_and_one_that_goes_there()
    {
        await _other.RunPeopleAsync("Ada");
        await _other.RunTitlesAsync();
        await _node.RunPageAsync();
        Assert.Equal((200, "Welcome, Countess Ada!"), await _node.GetAsync("page", "/1"));
        await _node.RunPeopleAsync("Grace");
        await _node.AwaitAsync("/1", "Welcome, Countess Grace!"); // titles are asked there, where number 1 is Ada
        await _node.StopAsync("people");
        await _node.AwaitAsync("/1", "Welcome, Countess Ada!");
    }

    [Fact]
    public async Task A_trap_on_the_other_node_ends_the_caller_with_the_name_of_who_trapped()
    {
        await _other.RunPeopleAsync(new string('x', 200_000));
        await _other.RunTitlesAsync();
        await _node.RunPageAsync();
        var error = await Assert.ThrowsAsync<FaultException>(() => _node.GetAsync("page", "/1"));
        Assert.IsType<Fault.Failed>(error.Fault);
        Assert.Contains("Component people trapped in `find` of demo:greeting/names@0.1.0 for page", error.Message, StringComparison.Ordinal);
        Assert.Equal((404, "Nobody has this number."), await _node.GetAsync("page", "/2"));
    }

    [Fact]
    public async Task The_bytes_are_those_of_the_reference()
    {
        await _other.RunPeopleAsync("Ada");
        Assert.Equal(new byte[] { 1, 3, (byte)'A', (byte)'d', (byte)'a', 0 }, (await CallAsync(FindOne)).Result.ToArray());
        Assert.Equal(new byte[] { 0 }, (await CallAsync(FindOne with { Arguments = new byte[] { 7 } })).Result.ToArray());
        Assert.Equal(new byte[] { 0 }, (await CallAsync(FindOne with { Interface = "demo:greeting/names@0.1.7", Arguments = new byte[] { 7 } })).Result.ToArray());
    }

    [Fact]
    public async Task What_is_no_call_of_an_exported_function_is_refused_in_a_sentence()
    {
        await _other.RunPeopleAsync("Ada");
        Assert.Equal(
            "test calls people in version 2 of calls between components and this node speaks 1; run the same release on both nodes.",
            Assert.IsType<Fault.Refused>(await FaultOfAsync(FindOne with { Version = 2 })).Message);
        Assert.Contains("exports no `lose` of", Assert.IsType<Fault.NotFound>(await FaultOfAsync(FindOne with { Function = "lose" })).Message, StringComparison.Ordinal);
        Assert.IsType<Fault.NotFound>(await FaultOfAsync(FindOne with { Interface = "demo:greeting/names@0.2.0" }));
        Assert.Contains(
            "people exports `find` of demo:greeting/names@0.1.0 as func(id: u32) -> option<record { name: string, visits: u32 }>, and test imports it in another form",
            Assert.IsType<Fault.Refused>(await FaultOfAsync(FindOne with { Type = new byte[16] })).Message, StringComparison.Ordinal);
        Assert.EndsWith("at byte 0: 1 bytes were to follow and 0 are there.", Assert.IsType<Fault.Invalid>(await FaultOfAsync(FindOne with { Arguments = default })).Message, StringComparison.Ordinal);
        Assert.Equal(6, (await CallAsync(FindOne)).Result.Length);
    }

    [Fact]
    public async Task An_interface_with_resources_cannot_be_on_another_node()
    {
        await _other.RunPeopleAsync("Ada");
        var link = new BoundLink("people", ComponentKind.Component, "wasi:http", "default", new Dictionary<string, string>()) { Interfaces = ["types"] };
        var status = await _node.RunComponentAsync("page", HttpExchange.Guest("hello-c/hello.wasm"), links: [link]);
        Assert.Equal((WorkloadState.Failed, "Refused"), (status.State, status.Fault));
        Assert.Contains("it is a resource, which lives in one process. Place both on the same nodes", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_waits_no_longer_than_it_has_time()
    {
        await _other.RunPeopleAsync("Ada");
        var late = await FaultOfAsync(FindOne with { Left = TimeSpan.Zero });
        Assert.IsType<Fault.TimedOut>(late);
    }

    async Task<FunctionReply> CallAsync(FunctionCall call) => (await _node.Lattice.RequestAsync(
        new Message(Subjects.Function("people"), Payload.Of(call, ContractsJson.Default.FunctionCall)), ActorNode.Patience)).Payload.As(ContractsJson.Default.FunctionReply);

    async Task<Fault> FaultOfAsync(FunctionCall call) => (await Assert.ThrowsAsync<FaultException>(() => CallAsync(call))).Fault;
}
