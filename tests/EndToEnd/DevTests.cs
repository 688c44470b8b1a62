namespace Allotrope.EndToEnd;

/// <summary><c>allot dev</c>: what is changed is built and runs.</summary>
public sealed class DevTests
{
    const string Blueprint = """
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: shop}
        spec:
          components:
            - name: shop
              type: actor
              properties: {image: build/shop.wasm}
              traits:
                - {type: linkdef, properties: {target: http, values: {path: /}}}
            - name: http
              type: capability
              properties: {image: "builtin:httpserver", contract: "wasmcloud:httpserver"}
        """;

    [Fact]
    public async Task A_change_is_built_and_runs_and_one_that_cannot_be_built_leaves_what_ran()
    {
        await using var world = new World();
        var folder = Directory.CreateDirectory(world["shop"]).FullName;
        world.Write("shop/app.yaml", Blueprint);
        world.Write("shop/which", "hello");
        world.Write("shop/build.sh", $"""
            mkdir -p build
            echo "taking $(cat which)"
            cp '{Repository.PathOf("guests")}'/$(cat which)/$(cat which).wasm build/shop.wasm
            """);

        await using var node = RunningNode.Start(["dev", folder, "--data", world.Data, "--json", "--http-port", "0"]);
        await node.ReadyAsync();
        Assert.Equal("Hello, Ada!", await node.GetAsync("/Ada"));
        Assert.Contains(node.Events, said => Is(said, "build") && said.GetProperty("message").GetString() == "taking hello");

        var before = node.Events.Count;
        world.Write("shop/which", "nothing");
        var failed = await node.AwaitAsync(said => Is(said, "unbuilt"), before);
        Assert.Equal("build.sh ended with exit code 1", failed.GetProperty("message").GetString());
        Assert.Contains(node.Events, said => Is(said, "build") && said.GetProperty("message").GetString()!.Contains("No such file", StringComparison.Ordinal));
        Assert.Equal("Hello, Eve!", await node.GetAsync("/Eve"));

        before = node.Events.Count;
        world.Write("shop/which", "chorister");
        await node.AwaitAsync(said => Is(said, "built"), before);
        await node.AwaitAsync(said => Is(said, "undeployed") || Is(said, "deployed"), before);

        before = node.Events.Count;
        world.Write("shop/which", "hello");
        await node.AwaitAsync(said => Is(said, "deployed"), before);
        Assert.Equal("Hello, Bob!", await node.GetAsync("/Bob"));
        Assert.Equal(0, (await node.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task A_folder_without_a_build_is_told_where_one_comes_from()
    {
        await using var world = new World();
        Directory.CreateDirectory(world["shop"]);
        world.Write("shop/app.yaml", Blueprint);
        var outcome = await world.AllotAsync("dev", world["shop"]);
        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("build.sh: `allot new component NAME` writes a folder that has one", outcome.Error, StringComparison.Ordinal);
    }

    static bool Is(System.Text.Json.JsonElement said, string name) => said.TryGetProperty("event", out var it) && it.GetString() == name;
}
