using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests;

/// <summary>The calls of the wasmbus reference, byte for byte, with the actors in <c>guests</c>.</summary>
public sealed class GoldenCallTests : IAsyncLifetime
{
    // GET /foo?a=1 with a header and the body "hi".
    static readonly byte[] GetFoo = Convert.FromHexString(
        "85a66d6574686f64a3474554a470617468a42f666f6fab7175657279537472696e67a3613d31a668656164657281a4486f737491a178a4626f6479c4026869");

    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Hello_answers_the_golden_request()
    {
        await _node.RunAsync("hello", Probe.Resource("guests/hello.wasm"));

        var (status, body) = Read(await _node.CallAsync("hello", "HttpServer.HandleRequest", GetFoo));

        Assert.Equal((200, "Hello, foo!\n"), (status, body));
    }

    [Fact]
    public async Task Hello_is_healthy()
    {
        await _node.RunAsync("hello", Probe.Resource("guests/hello.wasm"));

        var result = await _node.CallAsync("hello", "Actor.HealthRequest", new byte[] { 0x80 });

        Assert.Equal("81a76865616c746879c3", Convert.ToHexStringLower(result.Body.Span));
    }

    [Fact]
    public async Task Counter_asks_its_store_in_the_golden_form_and_tells_the_count()
    {
        Invocation? asked = null;
        await _node.Lattice.ServeAsync(Subjects.Invoke("store"), (request, _) =>
        {
            asked = request.Payload.As(ContractsJson.Default.Invocation);
            return ValueTask.FromResult(new Message(
                "", Payload.Of(new InvocationResult(new byte[] { 1 }), ContractsJson.Default.InvocationResult)));
        });
        await _node.RunAsync("counter", Probe.Resource("guests/counter.wasm"), links:
            [new("store", ComponentKind.Capability, "wasmcloud:keyvalue", "default", new Dictionary<string, string>())]);

        var (status, body) = Read(await _node.CallAsync("counter", "HttpServer.HandleRequest", GetFoo));

        Assert.Equal((200, "{\"counter\":1}\n"), (status, body));
        Assert.Equal(("default", "wasmcloud:keyvalue", "KeyValue.Increment"), (asked!.LinkName, asked.Contract, asked.Operation));
        Assert.Equal("82a36b6579a3666f6fa576616c756501", Convert.ToHexStringLower(asked.Body.Span));
    }

    [Fact]
    public async Task Counter_without_its_store_says_so_to_the_browser()
    {
        await _node.RunAsync("counter", Probe.Resource("guests/counter.wasm"));

        var (status, body) = Read(await _node.CallAsync("counter", "HttpServer.HandleRequest", GetFoo));

        Assert.Equal(503, status);
        Assert.Contains("not linked", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_requests_never_cost_more_than_the_call()
    {
        await _node.RunAsync("hello", Probe.Resource("guests/hello.wasm"));
        var random = new Random(2026);
        for (var i = 0; i < 300; i++)
        {
            var damaged = GetFoo.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                await _node.CallAsync("hello", "HttpServer.HandleRequest", damaged.AsMemory(0, random.Next(damaged.Length + 1)));
            }
            catch (FaultException error)
            {
                Assert.IsType<Fault.Failed>(error.Fault); // a trap is an allowed answer to nonsense
            }
        }

        Assert.Equal(200, Read(await _node.CallAsync("hello", "HttpServer.HandleRequest", GetFoo)).Status);
    }

    static (int Status, string Body) Read(InvocationResult result)
    {
        Assert.Null(result.Error);
        var (status, body) = (0, "");
        var reader = new MessagePackReader(result.Body.Span);
        for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            switch (reader.ReadString())
            {
                case "statusCode":
                    status = reader.ReadInt32();
                    break;
                case "body":
                    body = Encoding.UTF8.GetString(reader.ReadBinary());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        return (status, body);
    }
}
