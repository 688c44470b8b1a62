using System.Net;

namespace Allotrope.EndToEnd;

/// <summary>The first thread through the whole house: a blueprint makes an actor answer HTTP and remember.</summary>
public class CounterTests
{
    [Fact]
    public async Task Requests_are_counted()
    {
        await using var world = new World();
        var node = await world.UpAsync("samples/counter");
        Assert.Equal("""{"counter":1}""", await node.GetAsync());
        Assert.Equal("""{"counter":2}""", await node.GetAsync());
        Assert.Equal("""{"counter":1}""", await node.GetAsync("/other"));
    }

    [Fact]
    public async Task The_count_goes_on_after_kill_9()
    {
        await using var world = new World();
        var first = await world.UpAsync("samples/counter");
        for (var count = 1; count <= 20; count++)
            Assert.Equal($$"""{"counter":{{count}}}""", await first.GetAsync());
        await first.StopAsync("KILL");

        var second = await world.UpAsync(); // the blueprint is in the record
        Assert.Equal("""{"counter":21}""", await second.GetAsync());
    }

    [Fact]
    public async Task Instances_change_while_requests_flow_and_none_fails()
    {
        await using var world = new World();
        var blueprint = world.Write("app.yaml", Blueprints.Counter("flow", Repository.Guest("counter")));
        var node = await world.UpAsync(blueprint);
        using var done = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => AskAsync(node, done.Token)).ToList();
        foreach (var instances in new[] { 1, 8, 2, 16 })
        {
            world.Write("app.yaml", Blueprints.Counter("flow", Repository.Guest("counter"), instances));
            (await world.AllotAsync("apply", blueprint)).Ok();
        }
        await done.CancelAsync();
        var answered = (await Task.WhenAll(clients)).Sum();
        Assert.True(answered > 100, $"only {answered} requests were answered");
        Assert.Equal($$"""{"counter":{{answered + 1}}}""", await node.GetAsync());
    }

    [Fact]
    public async Task Another_actor_takes_over_while_requests_flow_and_none_fails()
    {
        await using var world = new World();
        var blueprint = world.Write("app.yaml", Blueprints.Counter("swap", Repository.Guest("counter")));
        var node = await world.UpAsync(blueprint);
        using var done = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => AskAsync(node, done.Token)).ToList();
        (await world.AllotAsync(
            "actor", "sign", Repository.Guest("hello"), "--out", world["other.wasm"], "--cap", "wasmcloud:httpserver", "--cap", "wasmcloud:keyvalue")).Ok();
        world.Write("app.yaml", Blueprints.Counter("swap", "other.wasm"));
        (await world.AllotAsync("apply", blueprint)).Ok();
        await done.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Contains("Hello", await node.GetAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_that_cannot_run_leaves_what_runs_alone()
    {
        await using var world = new World();
        var blueprint = world.Write("app.yaml", Blueprints.Counter("keep", Repository.Guest("counter")));
        var node = await world.UpAsync(blueprint);
        world.Write("app.yaml", Blueprints.Counter("keep", Repository.Guest("hello"))); // which may not use key-value
        (await world.AllotAsync("apply", blueprint)).Fails(4, "keep-actor", "wasmcloud:keyvalue", "keeps running");
        Assert.Equal("""{"counter":1}""", await node.GetAsync());
    }

    /// <summary>Asks until told to stop; how often it was answered. Anything but 200 fails the test.</summary>
    static async Task<int> AskAsync(RunningNode node, CancellationToken done)
    {
        var answered = 0;
        while (!done.IsCancellationRequested)
        {
            using var response = await node.Http.GetAsync(new Uri("/", UriKind.Relative), CancellationToken.None);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
            answered++;
        }
        return answered;
    }
}
