using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

/// <summary>A blueprint whose components' files import or export otherwise than it links is told so with its lines.</summary>
public sealed class ComponentCheckTests : IDisposable
{
    const string Link = "- {type: link, properties: {target: kv, namespace: wasi, package: keyvalue, interfaces: [store, atomics]}}";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("check-");

    public ComponentCheckTests()
    {
        Write("counter.wasm", HttpExchange.Guest("counter-c/counter.wasm"));
        Write("other.wasm", ComponentInspectionTests.Renamed(HttpExchange.Guest("counter-c/counter.wasm"), "wasi:keyvalue"u8, "shop:keyvalue"u8));
        Write("late.wasm", ComponentInspectionTests.Renamed(HttpExchange.Guest("counter-c/counter.wasm"), "0.2.0-draft"u8, "0.2.0-draff"u8));
        Write("calls.wasm", HttpExchange.Guest("calls-c/calls.wasm"));
        Write("objects.wasm", HttpExchange.Guest("objects-c/objects.wasm"));
        Write("herald.wasm", HttpExchange.Guest("herald-c/herald.wasm"));
        Write("module.wasm", Probe.Module);
        Write("later.wasm", [.. "\0asm\r\0\u0001\0"u8,
            7, 14, 1, 0x42, 2, 1, 0x43, 0, 1, 0, 4, 0, 1, (byte)'f', 1, 0, 10, 26, 1, 0, 21, .. "wasi:http/types@0.3.0"u8, 5, 0,
            5, 3, 1, 1, 0, 11, 29, 1, 0, 23, .. "wasi:http/handler@0.3.0"u8, 5, 1, 0]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_linked_passes() => Assert.Empty(await ProblemsAsync("counter.wasm", Link));

    [Fact]
    public async Task What_nothing_grants_is_told_with_the_link_to_add() => Assert.Equal(
        ["component 'cart' imports wasi:keyvalue/store@0.2.0-draft and wasi:keyvalue/atomics@0.2.0-draft at app.yaml:8:27; nothing grants it: add a link " +
            "{target: kv, namespace: wasi, package: keyvalue, interfaces: [store, atomics]}"],
        await ProblemsAsync("counter.wasm", ""));

    [Fact]
    public async Task What_sends_messages_is_told_whom_to_link_to_though_nobody_in_the_blueprint_carries_any() => Assert.Equal(
        ["component 'cart' imports wasi:messaging/producer@0.2.0-draft and wasi:messaging/request-reply@0.2.0-draft at app.yaml:8:27; nothing grants it: add a link " +
            "{target: ..., namespace: wasi, package: messaging, interfaces: [producer, request-reply]} to a component with image builtin:messaging"],
        await ProblemsAsync("herald.wasm", ""));

    [Fact]
    public async Task What_keeps_objects_is_told_what_to_link_to() => Assert.Equal(
        ["component 'cart' imports wasi:blobstore/types@0.2.0-draft and wasi:blobstore/container@0.2.0-draft and wasi:blobstore/blobstore@0.2.0-draft at app.yaml:8:27; " +
            "nothing grants it: add a link {target: ..., namespace: wasi, package: blobstore, interfaces: [types, container, blobstore]} " +
            "to a component with image builtin:blobstore"],
        await ProblemsAsync("objects.wasm", ""));

    [Fact]
    public async Task A_link_for_less_is_told_with_what_to_add_to_it() => Assert.Equal(
        ["component 'cart' imports wasi:keyvalue/store@0.2.0-draft at app.yaml:8:27; nothing grants it: add store to the interfaces of the link to 'kv'"],
        await ProblemsAsync("counter.wasm", Link.Replace("store, ", "", StringComparison.Ordinal)));

    [Fact]
    public async Task What_no_provider_has_is_a_component_s_to_export() => Assert.Contains(
        "link it to a component that exports it", Assert.Single(await ProblemsAsync("other.wasm", Link)), StringComparison.Ordinal);

    [Fact]
    public async Task An_interface_linked_to_a_component_is_left_to_that_link() => Assert.Empty(
        await ProblemsAsync("other.wasm", Link.Replace("kv", "twin", StringComparison.Ordinal).Replace("wasi", "shop", StringComparison.Ordinal)));

    [Fact]
    public async Task A_version_that_is_not_known_is_told_with_those_that_are()
    {
        var problem = Assert.Single(await ProblemsAsync("late.wasm", Link));
        Assert.Contains("imports wasi:keyvalue/store@0.2.0-draff", problem, StringComparison.Ordinal);
        Assert.Contains("only wasi:keyvalue/store@0.2.0-draft and", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_component_that_cannot_answer_who_links_to_it_is_told() => Assert.Equal(
        ["component 'cart' at app.yaml:8:27; it exports no wasi:http/incoming-handler, for which 'http' links to it"], await ProblemsAsync("calls.wasm", ""));

    [Fact]
    public async Task What_speaks_WASI_0_3_is_told_what_there_is_instead()
    {
        var problems = await ProblemsAsync("later.wasm", "");
        Assert.Contains(problems, problem => problem.Contains("imports wasi:http/types@0.3.0", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("exports no wasi:http/incoming-handler", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_module_is_no_component() => Assert.Contains("type: actor", Assert.Single(await ProblemsAsync("module.wasm", "")), StringComparison.Ordinal);

    void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_folder.FullName, name), content);

    async Task<IReadOnlyList<string>> ProblemsAsync(string image, string link)
    {
        var file = Path.Combine(_folder.FullName, "app.yaml");
        await File.WriteAllTextAsync(file, $$$"""
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - name: cart
                  type: component
                  properties: {image: {{{image}}}}
                  traits: [{{{(link.Length == 0 ? "" : link[2..])}}}]
                - {name: kv, type: capability, properties: {image: "builtin:keyvalue"}}
                - name: twin
                  type: component
                  properties: {application: {name: elsewhere, component: twin}}
                - name: http
                  type: capability
                  properties: {image: "builtin:httpserver"}
                  traits: [{type: link, properties: {target: cart, namespace: wasi, package: http, interfaces: [incoming-handler]}}]
            """);
        var draft = await BlueprintDraft.LoadAsync(file);
        try
        {
            await ComponentCheck.RunAsync(draft);
            return [];
        }
        catch (FaultException error) when (error.Fault is Fault.Invalid invalid)
        {
            return [.. invalid.More.Prepend(invalid.Message).Select(problem => problem.Replace(file, "app.yaml", StringComparison.Ordinal))];
        }
    }
}
