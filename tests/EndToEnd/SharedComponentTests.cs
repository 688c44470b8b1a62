namespace Allotrope.EndToEnd;

/// <summary>Components that are linked to those of another blueprint.</summary>
public sealed class SharedComponentTests
{
    static string Guest(string name) => Path.Combine(Repository.PathOf("guests/components"), $"{name}-c", $"{name}.wasm");

    static string Library(string image) => $$$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata:
          name: library
          annotations: {experimental.wasmcloud.dev/shared: "true"}
        spec:
          components:
            - name: people
              type: component
              properties: {image: {{{image}}}, config: [{name: people, properties: {"1": Ada}}]}
        """;

    static readonly string Titles = $$$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: titles}
        spec:
          components:
            - name: titles
              type: component
              properties: {image: {{{Guest("titles")}}}}
              traits:
                - {type: link, properties: {target: people, namespace: demo, package: greeting, interfaces: [names]}}
            - name: people
              type: component
              properties: {application: {name: library, component: people}}
        """;

    [Fact]
    public async Task Apply_compares_with_a_component_of_another_blueprint_that_the_node_has()
    {
        await using var world = new World();
        await world.UpAsync();
        (await world.AllotAsync("apply", world.Write("library.yaml", Library(Guest("people"))))).Ok();
        (await world.AllotAsync("apply", world.Write("titles.yaml", Titles))).Ok();

        // The same component but for the name of a field.
        var changed = (await File.ReadAllBytesAsync(Guest("people"), TestContext.Current.CancellationToken)).ToArray();
        for (var at = changed.AsSpan().IndexOf("visits"u8); at >= 0; at = changed.AsSpan().IndexOf("visits"u8))
            changed[at + "visit".Length] = (byte)'z';
        await File.WriteAllBytesAsync(world["changed.wasm"], changed, TestContext.Current.CancellationToken);
        (await world.AllotAsync("delete", "titles")).Ok();
        (await world.AllotAsync("apply", world.Write("library.yaml", Library("changed.wasm")))).Ok();
        var refused = await world.AllotAsync("apply", world["titles.yaml"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"the link of 'titles' to 'people' at {world["titles.yaml"]}:10:", refused.Error, StringComparison.Ordinal);
        Assert.Contains("expected type record { name: string, visits: u32 }, found record { name: string, visitz: u32 }", refused.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await world.AllotAsync("status", "titles")).ExitCode);
    }

    [Fact]
    public async Task Of_a_component_that_is_not_there_yet_apply_says_that_the_node_will_compare()
    {
        await using var world = new World();
        await world.UpAsync();
        var applied = await world.AllotAsync("apply", world.Write("titles.yaml", Titles), "--no-wait");
        Assert.Contains("people is people of library, which is not here to be compared: the node compares it when both run", applied.Output, StringComparison.Ordinal);
    }
}
