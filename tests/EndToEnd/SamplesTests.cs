using System.Text.Json;
using Allotrope.Interop;

namespace Allotrope.EndToEnd;

/// <summary>Every folder of samples/ does what its README says.</summary>
public class SamplesTests
{
    public static TheoryData<string> Blueprints => [.. With("app.yaml")];

    public static TheoryData<string> Zones => [.. With("compose.yaml")];

    [Theory]
    [MemberData(nameof(Blueprints))]
    public async Task A_sample_starts_and_answers(string sample)
    {
        await using var world = new World();
        var node = await world.UpAsync($"samples/{sample}");
        Assert.NotEmpty(await node.GetAsync(node.Url.AbsolutePath));
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public async Task A_zone_starts_with_its_services_and_all_of_them_meet(string sample)
    {
        _ = Tools.Node;
        await using var world = new World();
        await world.UpAsync($"samples/{sample}", "--run");
        // That they have met is what the node awaited; on a slow machine one may have been silent since, and comes back
        var zone = JsonDocument.Parse((await world.AllotAsync("zone", "status", $"samples/{sample}", "--json")).Ok()).RootElement;
        Assert.All(zone.GetProperty("arteries").EnumerateArray(), artery => Assert.True(artery.GetProperty("answered").GetInt64() > 0));
    }

    [Fact]
    public async Task Hello_and_the_counter_run_together()
    {
        await using var world = new World();
        var node = await world.UpAsync("samples/counter", "samples/hello");
        Assert.Equal("Hello, Ada!", await node.GetAsync("/hello/Ada"));
        Assert.Equal("""{"counter":1}""", await node.GetAsync("/Ada"));
    }

    [Fact]
    public async Task The_services_types_are_right()
    {
        var packages = await Tools.CompilerAsync();
        await Tools.RunAsync(Tools.Node, [$"{packages}/typescript/bin/tsc", "-p", Repository.PathOf("samples"), "--typeRoots", $"{packages}/@types"]);
    }

    static IEnumerable<string> With(string file) => Directory.GetDirectories(Repository.PathOf("samples"))
        .Where(folder => File.Exists(Path.Combine(folder, file))).Select(folder => Path.GetFileName(folder));
}
