using System.Buffers;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests;

public sealed class CounterTests : IAsyncLifetime
{
    static readonly BoundLink Link = new("kv", ComponentKind.Capability, "wasmcloud:keyvalue", "default", new Dictionary<string, string>());

    readonly Dictionary<string, int> _numbers = [];
    ActorNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        await _node.Lattice.ServeAsync(Subjects.Invoke(Link.Workload), (request, _) =>
        {
            var call = request.Payload.As(ContractsJson.Default.Invocation);
            return ValueTask.FromResult(new Message(
                "", Payload.Of(new InvocationResult(Increment(call)), ContractsJson.Default.InvocationResult)));
        });
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Each_request_counts_one_further_under_its_path()
    {
        await RunAsync(Link);
        Assert.Equal("{\"counter\":1}\n", (await GetAsync("/")).Body);
        Assert.Equal("{\"counter\":2}\n", (await GetAsync("/")).Body);
        Assert.Equal("{\"counter\":1}\n", (await GetAsync("/a/b/")).Body);
        Assert.Equal(new Dictionary<string, int> { ["default"] = 2, ["a/b"] = 1 }, _numbers);
    }

    [Fact]
    public async Task Without_a_link_it_says_so_in_its_answer()
    {
        await RunAsync();
        var response = await GetAsync("/");
        Assert.Equal(503, response.Status);
        Assert.Equal("application/json", response.ContentType);
        Assert.StartsWith("{\"error\":\"The count could not be kept: ", response.Body, StringComparison.Ordinal);
        Assert.Contains("wasmcloud:keyvalue", response.Body, StringComparison.Ordinal);
        Assert.Empty(_numbers);
    }

    [Fact]
    public async Task A_hundred_thousand_calls_leave_its_memory_as_it_was()
    {
        await RunAsync(Link);
        var request = Http.Request("/", "", ("Host", "localhost"));
        for (var call = 0; call < 100_000; call++)
            Assert.Null((await _node.CallAsync("counter", Http.Operation, request)).Error);
        Assert.Equal(100_000, _numbers["default"]);
    }

    async Task RunAsync(params BoundLink[] links) =>
        Assert.Equal(WorkloadState.Running, (await _node.RunAsync("counter", ExampleActors.Counter, links: links, limits: ExampleActors.Tight)).State);

    async Task<Http.Response> GetAsync(string path) =>
        Http.Read((await _node.CallAsync("counter", Http.Operation, Http.Request(path))).Body);

    byte[] Increment(Invocation call)
    {
        Assert.Equal(("wasmcloud:keyvalue", "default", "KeyValue.Increment"), (call.Contract, call.LinkName, call.Operation));
        var reader = new MessagePackReader(call.Body.Span);
        Assert.Equal(2, reader.ReadMapHeader());
        Assert.Equal("key", reader.ReadString());
        var key = reader.ReadString();
        Assert.Equal("value", reader.ReadString());

        var output = new ArrayBufferWriter<byte>();
        new MessagePackWriter(output).Write(_numbers[key] = _numbers.GetValueOrDefault(key) + reader.ReadInt32());
        return output.WrittenSpan.ToArray();
    }
}
