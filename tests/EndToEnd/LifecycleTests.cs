using System.Net;

namespace Allotrope.EndToEnd;

/// <summary>How a node starts and ends.</summary>
public class LifecycleTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_node_that_is_asked_to_stop_ends_with_0(string signal)
    {
        await using var world = new World();
        var node = await world.UpAsync("samples/hello");
        var outcome = await node.StopAsync(signal);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal("stopped", node.Events[^1].GetProperty("event").GetString());
        Assert.False(File.Exists(Path.Combine(world.Data, "control.sock")));
    }

    [Fact]
    public async Task Requests_under_way_are_answered_before_a_node_ends()
    {
        await using var world = new World();
        var node = await world.UpAsync("samples/counter");
        await node.GetAsync();
        var asking = Enumerable.Range(0, 16).Select(async _ =>
        {
            // Until the door closes: what was let in is answered.
            try
            {
                while (true)
                {
                    using var response = await node.Http.GetAsync(new Uri("/", UriKind.Relative));
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                }
            }
            catch (HttpRequestException closed) when (closed.HttpRequestError is HttpRequestError.ConnectionError)
            {
                return true;
            }
        }).ToList();
        Assert.Equal(0, (await node.StopAsync()).ExitCode);
        Assert.All(await Task.WhenAll(asking), Assert.True);
    }

    [Fact]
    public async Task The_ready_line_says_where_to_go()
    {
        await using var world = new World();
        var node = await world.UpAsync("samples/hello", world.Write("second.yaml", Blueprints.Counter("second", Repository.Guest("counter"), values: "path: /second")));
        Assert.Equal(["started", "applied", "deployed", "applied", "deployed", "ready"],
            node.Events.Select(said => said.GetProperty("event").GetString()).Where(name => name != "progress"));
        var ready = node.Events[^1];
        Assert.Equal("http", new Uri(ready.GetProperty("url").GetString()!).Scheme);
        Assert.Equal(world.Data, ready.GetProperty("data").GetString());
    }

    [Fact]
    public async Task A_damaged_artifact_is_mended_by_applying_its_blueprint_again()
    {
        await using var world = new World();
        var node = await world.UpAsync("samples/hello");
        await node.StopAsync();
        var artifact = Directory.GetFiles(Path.Combine(world.Data, "artifacts", "sha256")).Single();
        var content = File.ReadAllBytes(artifact);
        content[^1] ^= 1;
        File.WriteAllBytes(artifact, content);

        node = await world.UpAsync("samples/hello");

        Assert.NotEmpty(await node.GetAsync("/hello"));
    }

    [Fact]
    public async Task Everything_of_a_node_is_in_its_data_folder()
    {
        await using var world = new World();
        await (await world.UpAsync("samples/counter")).StopAsync();
        Directory.Move(world.Data, world["moved"]);
        Directory.Move(world["moved"], world.Data);
        var again = await world.UpAsync();
        Assert.Equal("""{"counter":1}""", await again.GetAsync());
        string[] expected = ["artifacts", "control.sock", "keys", "node.lock", "record.db", "tenants", "version"];
        Assert.Empty(expected.Except(Directory.GetFileSystemEntries(world.Data).Select(entry => Path.GetFileName(entry))));
    }

    [Fact]
    public async Task A_node_starts_without_a_blueprint_and_takes_one_later()
    {
        await using var world = new World();
        var node = await world.UpAsync();
        Assert.False(node.Events[^1].TryGetProperty("url", out _));
        var url = (await world.AllotAsync("apply", "samples/hello")).Ok().Split('\n')[1].Trim();
        Assert.Equal("Hello, Ada!", (await node.Http.GetStringAsync(new Uri($"{url}/Ada"))).TrimEnd());
    }
}
