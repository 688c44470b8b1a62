using System.Net.Sockets;
using Allotrope.Interop;

namespace Allotrope.EndToEnd;

/// <summary>Components as others' compilers make them, through the HTTP server.</summary>
public class ComponentTests
{
    [Fact]
    public async Task A_component_in_Rust_answers()
    {
        await using var world = new World();
        var node = await world.UpAsync(Blueprint(world, Repository.PathOf("guests/components/hello-rust/hello.wasm")));
        for (var time = 0; time < 3; time++)
            Assert.Equal("Hello, Ada!", await node.GetAsync("/Ada"));
    }

    [Fact]
    public async Task A_component_in_JavaScript_answers()
    {
        await using var world = new World();
        var node = await world.UpAsync(Blueprint(world, await Tools.JavaScriptComponentAsync("hello-javascript")));
        for (var time = 0; time < 3; time++)
            Assert.Equal("Hello, Ada!", await node.GetAsync("/Ada"));
    }

    [Fact]
    public async Task A_component_in_JavaScript_fetches_from_the_hosts_it_was_granted()
    {
        await using var other = new World();
        var asked = await other.UpAsync(Blueprint(other, Repository.PathOf("guests/components/streams-c/streams.wasm")));
        await using var world = new World();
        var node = await world.UpAsync(Blueprint(world, await Tools.JavaScriptComponentAsync("fetch-javascript"), $"\"{asked.Url.Authority}\""));

        Assert.Equal("0", await node.GetAsync($"/?url=http://{asked.Url.Authority}/count"));
        Assert.Equal(new string('\0', 100_000), await node.GetAsync($"/?url=http://{asked.Url.Authority}/zeros/100000"));
        using var sent = new StringContent("twelve bytes");
        using var counted = await node.Http.PostAsync(new Uri($"/?url=http://{asked.Url.Authority}/count", UriKind.Relative), sent, TestContext.Current.CancellationToken);
        Assert.Equal("12", await counted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var denied = await node.Http.GetAsync(new Uri("/?url=http://localhost:1/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(502, (int)denied.StatusCode);
    }

    [Fact]
    public async Task Clients_that_leave_or_stall_and_guests_that_trap_are_named_by_allot_logs()
    {
        await using var world = new World();
        var node = await world.UpAsync(Blueprint(world, Repository.PathOf("guests/components/streams-c/streams.wasm")));
        using (var leaving = await node.Http.GetAsync(new Uri("/zeros/100000000000", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        using (var body = await leaving.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken))
            await body.ReadExactlyAsync(new byte[100_000], TestContext.Current.CancellationToken);
        using var stalling = new TcpClient();
        await stalling.ConnectAsync(node.Url.Host, node.Url.Port, TestContext.Current.CancellationToken);
        await using var stall = stalling.GetStream();
        await stall.WriteAsync("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nslow"u8.ToArray(), TestContext.Current.CancellationToken);
        using (var echoed = new StreamReader(stall))
            Assert.EndsWith("slow\r\n0\r\n\r\n", await echoed.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal); // what it is said to have sent
        await Assert.ThrowsAsync<HttpRequestException>(() => node.Http.GetByteArrayAsync(new Uri("/trap/100000", UriKind.Relative), TestContext.Current.CancellationToken));

        var log = (await world.AllotAsync("logs", "page-component")).Ok();
        Assert.Contains("GET /zeros/100000000000 was not answered to its end: the client left.", log, StringComparison.Ordinal);
        Assert.Contains("POST /echo was answered without the rest of its body: the client sent less than 240 bytes a second and was cut off.", log, StringComparison.Ordinal);
        Assert.Contains("GET /trap/100000 trapped", log, StringComparison.Ordinal);
    }

    static string Blueprint(World world, string image, string hosts = "") => world.Write("app.yaml", Blueprints.Component("page", image, hosts));
}
