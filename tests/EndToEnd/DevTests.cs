using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Allotrope.Interop;

namespace Allotrope.EndToEnd;

/// <summary><c>allot dev</c>: what is changed is built and runs.</summary>
public sealed partial class DevTests
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
        Directory.Move(folder, world["away"]);
        failed = await node.AwaitAsync(said => Is(said, "unbuilt"), before);
        Assert.StartsWith("there is no ", failed.GetProperty("message").GetString(), StringComparison.Ordinal);
        Directory.Move(world["away"], folder);

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

    [Theory]
    [InlineData("component", "c", "clang-19 wasm-ld-19 node npm", "component.c", "\"Hello, \"", "\"Salut, \"")]
    [InlineData("actor", "assemblyscript", "node npm", "actor/index.ts", "\"Hello, \" + nameIn(request)", "say(\"Salut, \" + nameIn(request))")]
    public async Task What_was_scaffolded_runs_as_it_is_and_then_as_it_is_changed(
        string kind, string language, string tools, string file, string written, string changed)
    {
        Assert.SkipUnless(tools.Split(' ').All(Tools.IsThere), $"one of {tools} is not installed");
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "the packages that build components are those of one platform");
        await using var world = new World();
        (await Outcome.OfAsync(["new", kind, "shop", "--language", language, "--data", world.Data], Path.GetDirectoryName(world.Data)!)).Ok();
        Directory.CreateSymbolicLink(world["shop/node_modules"], kind == "actor" ? await Tools.ActorToolsAsync() : await Tools.ComponentToolsAsync());

        await using var node = RunningNode.Start(["dev", world["shop"], "--data", world.Data, "--json", "--http-port", "0"]);
        await node.ReadyAsync();
        Assert.Equal("Hello, Ada!", await node.GetAsync("/Ada"));

        var before = node.Events.Count;
        var source = await File.ReadAllTextAsync(world[$"shop/{file}"], TestContext.Current.CancellationToken);
        Assert.Contains(written, source, StringComparison.Ordinal);
        source = source.Replace(written, changed, StringComparison.Ordinal);
        world.Write($"shop/{file}", kind == "actor" ? $"{source}\n{Say}" : source);
        var running = await node.AwaitAsync(said => Is(said, "running"), before);
        Assert.Matches(Parts(), running.GetProperty("message").GetString());
        Assert.Equal("Salut, Ada!", await node.GetAsync("/Ada"));
        if (kind == "actor")
            await node.AwaitAsync(said => said.TryGetProperty("text", out var text) && text.GetString()!.Contains("asked for Salut, Ada", StringComparison.Ordinal), before);
        Assert.Equal(0, (await node.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_blueprint_is_told()
    {
        await using var world = new World();
        Directory.CreateDirectory(world["shop"]);
        world.Write("shop/app.yaml", Blueprint.Replace("contract:", "kontract:", StringComparison.Ordinal).Replace("values:", "walues:", StringComparison.Ordinal));
        world.Write("shop/build.sh", "true");
        await using var node = RunningNode.Start(["dev", world["shop"], "--data", world.Data, "--json", "--http-port", "0"]);
        var told = await node.AwaitAsync(said => Is(said, "undeployed"));
        Assert.Contains("walues", told.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(told.GetProperty("more").EnumerateArray(), other => other.GetString()!.Contains("kontract", StringComparison.Ordinal));
        await node.StopAsync();
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

    /// <summary>Logs what it is given; functions of this language are known before they are written.</summary>
    const string Say = """
        import { consoleLog } from "@wapc/as-guest";

        function say(text: string): string {
          consoleLog("asked for " + text);
          return text;
        }
        """;

    [GeneratedRegex(@"^\d+\.\d\d s: build\.sh \d+\.\d\d s, deployment \d+\.\d\d s$")]
    private static partial Regex Parts();

    static bool Is(System.Text.Json.JsonElement said, string name) => said.TryGetProperty("event", out var it) && it.GetString() == name;
}
