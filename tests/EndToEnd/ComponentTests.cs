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

    static string Blueprint(World world, string image, string hosts = "") => world.Write("app.yaml", Blueprints.Component("page", image, hosts));
}
