using Allotrope.Contracts;
using static Allotrope.Gateway.Tests.GatewayWorld;

namespace Allotrope.Gateway.Tests.Listeners;

public class RouteChangeTests
{
    [Fact]
    public async Task Routes_that_come_and_go_under_load_fail_no_request()
    {
        await using var world = await StartAsync();
        await world.ServeAsync("app-actor", _ => ActorAnswer.Text("ok"));
        await world.ServeAsync("app-other", _ => ActorAnswer.Text("ok"));
        var address = (await world.AssignAsync("app-http", Link("app-actor"))).Urls[0];
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(_ => RequestUntilAsync(world.Client, address, enough.Token)).ToArray();

        for (var change = 0; change < 50; change++)
        {
            IncomingLink[] links = change % 2 == 0
                ? [Link("app-actor"), Link("app-other", ("path", "/other")), Link("app-actor", ("address", "[::1]:0"))]
                : [Link("app-other")];
            Assert.Equal(WorkloadState.Running, (await world.AssignAsync("app-http", links)).State);
        }
        await enough.CancelAsync();

        Assert.All(await Task.WhenAll(load), requests => Assert.True(requests > 0));
    }

    [Fact]
    public async Task A_request_under_way_finishes_when_its_route_and_port_go()
    {
        await using var world = await StartAsync();
        var called = new TaskCompletionSource();
        var answer = new TaskCompletionSource<InvocationResult>();
        await world.ServeAsync("app-actor", (_, _) =>
        {
            called.SetResult();
            return new(answer.Task);
        });
        var address = (await world.AssignAsync("app-http", Link("app-actor"))).Urls[0];

        var request = world.Client.GetStringAsync(address);
        await called.Task;
        await world.UnassignAsync("app-http");
        answer.SetResult(ActorAnswer.Text("finished"));

        Assert.Equal("finished", await request);
    }

    [Fact]
    public async Task Stopping_the_gateway_lets_requests_under_way_finish()
    {
        var world = await StartAsync();
        var called = new TaskCompletionSource();
        var answer = new TaskCompletionSource<InvocationResult>();
        await world.ServeAsync("app-actor", (_, _) =>
        {
            called.SetResult();
            return new(answer.Task);
        });
        using var client = new HttpClient();
        var request = client.GetStringAsync((await world.AssignAsync("app-http", Link("app-actor"))).Urls[0]);
        await called.Task;

        var stopped = world.DisposeAsync();
        answer.SetResult(ActorAnswer.Text("finished"));

        Assert.Equal("finished", await request);
        await stopped;
    }

    static async Task<int> RequestUntilAsync(HttpClient client, string address, CancellationToken enough)
    {
        var requests = 0;
        for (; !enough.IsCancellationRequested; requests++)
            Assert.Equal("ok", await client.GetStringAsync(address, CancellationToken.None));
        return requests;
    }
}
