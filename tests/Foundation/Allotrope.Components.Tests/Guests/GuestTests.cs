using System.Text.RegularExpressions;

namespace Allotrope.Components.Tests.Guests;

/// <summary>The example components, which other people's tools put together, are read as those tools meant them.</summary>
public sealed partial class GuestTests
{
    static readonly string Folder = Path.Combine(Root(), "guests", "components");

    [Theory]
    [InlineData("hello-c/hello.wasm", "wasi:http/types wasi:io/error wasi:io/streams", "wasi:http/incoming-handler")]
    [InlineData("streams-c/streams.wasm", "wasi:http/types wasi:io/error wasi:io/poll wasi:io/streams", "wasi:http/incoming-handler")]
    [InlineData("calls-c/calls.wasm", "colour point rights value", "add echo length mirror total")]
    [InlineData(
        "counter-c/counter.wasm",
        "wasi:http/types wasi:io/error wasi:io/streams wasi:keyvalue/atomics wasi:keyvalue/store",
        "wasi:http/incoming-handler")]
    [InlineData(
        "command-c/command.wasm",
        "wasi:cli/environment wasi:cli/exit wasi:cli/stderr wasi:cli/stdin wasi:cli/stdout wasi:cli/terminal-input wasi:cli/terminal-output " +
        "wasi:cli/terminal-stderr wasi:cli/terminal-stdin wasi:cli/terminal-stdout wasi:clocks/monotonic-clock wasi:clocks/wall-clock " +
        "wasi:filesystem/preopens wasi:filesystem/types wasi:io/error wasi:io/poll wasi:io/streams wasi:random/random",
        "wasi:cli/run")]
    [InlineData(
        "hello-rust/hello.wasm",
        "wasi:cli/environment wasi:cli/exit wasi:cli/stderr wasi:cli/stdin wasi:cli/stdout wasi:clocks/wall-clock wasi:filesystem/preopens " +
        "wasi:filesystem/types wasi:http/types wasi:io/error wasi:io/streams",
        "wasi:http/incoming-handler")]
    public void An_example_component_compiles_and_says_what_it_needs_and_offers(string file, string imports, string exports)
    {
        var component = Components.Component.Compile(File.ReadAllBytes(Path.Combine(Folder, file)));
        Assert.Equal(imports, Interfaces(component.Type.Imports.Keys));
        Assert.Equal(exports, Interfaces(component.Type.Exports.Keys));
    }

    /// <summary>13,000 functions; <c>npm run build hello-javascript</c> in guests/components makes it.</summary>
    [Fact]
    public void A_component_with_a_JavaScript_engine_in_it_compiles()
    {
        var file = Path.Combine(Root(), "artifacts", "guests", "hello-javascript.wasm");
        Assert.SkipUnless(File.Exists(file), "built by `npm run build hello-javascript` in guests/components");
        Assert.Equal("wasi:http/incoming-handler", Interfaces(Components.Component.Compile(File.ReadAllBytes(file)).Type.Exports.Keys));
    }

    static string Interfaces(IEnumerable<string> names) =>
        string.Join(' ', names.Select(name => Version().Replace(name, "")).Order(StringComparer.Ordinal));

    [GeneratedRegex("@.*$")]
    private static partial Regex Version();

    internal static string FileOf(string guest) => Path.Combine(Folder, guest);

    internal static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Allotrope.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
