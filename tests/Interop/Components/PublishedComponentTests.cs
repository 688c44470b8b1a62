using System.Text;
using System.Text.Json.Nodes;
using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasi;
using Allotrope.Wasi.Cli;
using Allotrope.Wasm;

namespace Allotrope.Interop.Components;

/// <summary>
/// jco 1.0 carries the components that it is made of, 2 MB of Rust each. The one that reads and writes WebAssembly does the same here as in node.
/// </summary>
public sealed class PublishedComponentTests
{
    /// <summary>Modules, components, text and what is none of them, so that all of it answers and all of it refuses.</summary>
    static readonly string[] Files =
    [
        "guests/components/calls-c/calls.wasm", "guests/components/hello-c/hello.wasm", "guests/components/command-c/command-preview1.wasm",
        "guests/counter/counter.wasm", "guests/components/package.json", "tests/Interop/programs/sum.wat",
    ];

    static readonly string[] Paths = [.. Files.Select(file => Path.Combine(Tools.Root, file))];

    [Fact]
    public async Task The_component_that_jco_publishes_answers_as_it_does_under_jco()
    {
        var published = Path.Combine(await Tools.PublishedJcoAsync(), "obj");
        var theirs = JsonNode.Parse(await Tools.RunAsync(
            Tools.Node, [Path.Combine(Tools.Root, "tests", "Interop", "programs", "wasm-tools.mjs"), Path.Combine(published, "wasm-tools.js"), .. Paths]))!.AsArray();

        var component = Component.Compile(await File.ReadAllBytesAsync(Path.Combine(published, "wasm-tools.component.wasm"), TestContext.Current.CancellationToken));
        using var state = new WasiState { Time = TimeProvider.System, Random = new SeededRandom(1) };
        using var store = new Store();
        using var instance = new WasiLinker(CommandRun.Everything).Instantiate(store, component, state);
        var tools = instance.GetInstance("local:wasm-tools/tools");
        var print = tools.GetFunction<Func<byte[], Result<string, string>>>("print");
        var wit = tools.GetFunction<Func<byte[], Result<string, string>>>("component-wit");
        var parse = tools.GetFunction<Func<string, Result<byte[], string>>>("parse");
        var metadata = tools.GetFunction<Func<byte[], Result<Metadata[], string>>>("metadata-show");
        var add = tools.GetFunction<Func<byte[], (string, (string, string)[])[], Result<byte[], string>>>("metadata-add");

        foreach (var (i, path) in Paths.Index())
        {
            var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            Same("print", Outcome(print(bytes), text => text));
            Same("wit", Outcome(wit(bytes), text => text));
            Same("parse", Outcome(parse(Encoding.Latin1.GetString(bytes)), made => Convert.ToBase64String(made)));
            Same("metadata", Outcome(metadata(bytes), all => new JsonArray([.. all.Select(each => (JsonNode)each.ToString())])));
            Same("added", Outcome(add(bytes, [("language", [("Tea", "1.0")])]), made => Convert.ToBase64String(made)));

            void Same(string what, JsonObject ours) =>
                Assert.True(JsonNode.DeepEquals(theirs[i]![what], ours), $"{what} of {Files[i]}: ours is {Short(ours)}, jco's is {Short(theirs[i]![what]!)}");
        }
    }

    static JsonObject Outcome<T>(Result<T, string> result, Func<T, JsonNode?> ok) =>
        result.IsOk ? new() { ["ok"] = ok(result.Value) } : new() { ["error"] = result.Error };

    static string Short(JsonNode node) => node.ToJsonString() is { Length: > 300 } text ? $"{text[..300]}..." : node.ToJsonString();

    /// <summary>What the component says of a module.</summary>
    public readonly record struct Metadata(string? Name, MetaType MetaType, (uint From, uint To) Range, (string, (string, string)[])[] Producers)
    {
        public override string ToString() => $"{Name} {MetaType.Tag} {Range.From} {Range.To}";
    }

    public abstract record MetaType
    {
        public abstract string Tag { get; }

        public sealed record Module : MetaType
        {
            public override string Tag => "module";
        }

        public sealed record Component(uint Value) : MetaType
        {
            public override string Tag => "component";
        }
    }
}
