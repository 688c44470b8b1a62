using Allotrope.Checking;
using Allotrope.Contracts;

namespace Allotrope.Tests.Checking;

/// <summary>What <c>allot apply</c> says of components that are linked and do not fit.</summary>
public sealed class LinkedTypesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Components_that_fit_are_no_problem() => Assert.Null(await CheckAsync("people", "names", "titles", "titles"));

    [Fact]
    public async Task An_interface_that_the_other_does_not_export_is_told_with_the_line_of_the_link()
    {
        var problem = await CheckAsync("titles", "names", "people", "titles");
        Assert.Equal(
            "the link of 'page' to 'titles' at " + _folder["app.yaml"] + ":10:36; unknown import \"demo:greeting/names@0.1.0\" of component `page`: "
            + "component `titles` was chosen for it and exports nothing of that name", problem?.ToString());
    }

    [Fact]
    public async Task A_type_that_differs_is_told_with_both_components_the_interface_and_the_function()
    {
        var problem = await CheckAsync("changed", "names", "titles", "titles");
        Assert.Equal(
            "the link of 'page' to 'changed' at " + _folder["app.yaml"] + ":10:36; incompatible import type: component `page` imports \"demo:greeting/names@0.1.0\" and component "
            + "`changed` exports \"demo:greeting/names@0.1.0\" in another form: type mismatch for `person`: expected type record { name: string, visits: u32 }, "
            + "found record { name: string, visitz: u32 }", problem?.ToString());
    }

    [Fact]
    public async Task A_link_that_grants_more_than_is_imported_is_no_problem() => Assert.Null(await CheckAsync("people", "names, others", "titles", "titles"));

    [Fact]
    public async Task What_is_no_component_is_told_with_the_line_of_its_image()
    {
        await File.WriteAllBytesAsync(_folder["people.wasm"], "\0asm\u0001\0\0\0"u8.ToArray(), TestContext.Current.CancellationToken);
        var problem = await CheckAsync("broken", "names", "titles", "titles");
        Assert.StartsWith($"the image of 'broken' at {_folder["app.yaml"]}:26:27; it is no valid component: it is a core module", problem?.ToString());
    }

    /// <summary>The page, linked to these for names and for titles; <c>changed</c> is a component of which one byte of a type is another.</summary>
    async Task<Problem?> CheckAsync(string names, string interfaces, string titles, string others)
    {
        var changed = await File.ReadAllBytesAsync(Guest("people"), TestContext.Current.CancellationToken);
        for (var at = changed.AsSpan().IndexOf("visits"u8); at >= 0 && at < changed.Length; at = Next(changed, at))
            changed[at + "visit".Length] = (byte)'z';
        await File.WriteAllBytesAsync(_folder["changed.wasm"], changed, TestContext.Current.CancellationToken);
        if (!File.Exists(_folder["people.wasm"]))
            File.Copy(Guest("people"), _folder["people.wasm"]);
        await File.WriteAllTextAsync(_folder["app.yaml"], $$$"""
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: greetings}
            spec:
              components:
                - name: page
                  type: component
                  properties: {image: {{{Guest("page")}}}}
                  traits:
                    - {type: link, properties: {target: {{{names}}}, namespace: demo, package: greeting, interfaces: [{{{interfaces}}}]}}
                    - {type: link, properties: {target: {{{titles}}}, namespace: demo, package: greeting, interfaces: [{{{others}}}]}}
                - name: titles
                  type: component
                  properties: {image: {{{Guest("titles")}}}}
                  traits:
                    - {type: link, properties: {target: people, namespace: demo, package: greeting, interfaces: [names]}}
                - name: people
                  type: component
                  properties: {image: {{{Guest("people")}}}}
                - name: changed
                  type: component
                  properties: {image: changed.wasm}
                # What it is linked to is another file
                - name: broken
                  type: component
                  properties: {image: people.wasm}
            """, TestContext.Current.CancellationToken);
        return await LinkedTypes.CheckAsync(await BlueprintDraft.LoadAsync(_folder["app.yaml"]), TestContext.Current.CancellationToken);
    }

    static int Next(byte[] bytes, int at) => bytes.AsSpan(at + 1).IndexOf("visits"u8) is var next and >= 0 ? at + 1 + next : -1;

    static string Guest(string name)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Allotrope.slnx")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("the repository's root");
        return Path.Combine(root, "guests", "components", $"{name}-c", $"{name}.wasm");
    }
}
