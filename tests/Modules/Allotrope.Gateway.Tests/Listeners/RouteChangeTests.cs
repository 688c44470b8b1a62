using System.Net;
using System.Net.Sockets;
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
    public async Task A_route_that_cannot_move_to_a_port_in_use_goes_on_where_it_is_and_moves_when_the_port_is_free()
    {
        await using var world = await StartAsync();
        await world.ServeAsync("app-actor", _ => ActorAnswer.Text("ok"));
        var before = (await world.AssignAsync("app-http", Link("app-actor"))).Urls[0];
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var status = await world.AssignAsync("app-http", Link("app-actor", ("port", $"{port}")));

        Assert.Equal((WorkloadState.Failed, "Conflict"), (status.State, status.Fault));
        Assert.StartsWith($"port {port} on 127.0.0.1 is already in use", status.Message, StringComparison.Ordinal);
        Assert.EndsWith($"It keeps answering at {before}", status.Message, StringComparison.Ordinal);
        Assert.Equal("ok", await world.Client.GetStringAsync(before));

        holder.Stop();
        var moved = await world.StatusAsync("app-http", status => status.State == WorkloadState.Running);
        Assert.Equal([$"http://127.0.0.1:{port}/"], moved.Urls);
        Assert.Equal("ok", await world.Client.GetStringAsync(moved.Urls[0]));
        await Assert.ThrowsAsync<HttpRequestException>(() => world.Client.GetAsync(before));
    }

    [Fact]
    public async Task A_route_widens_to_all_addresses_on_its_own_port()
    {
        await using var world = await StartAsync(new GatewayOptions { Insecure = true });
        await world.ServeAsync("app-actor", _ => ActorAnswer.Text("ok"));
        var port = new Uri((await world.AssignAsync("app-http", Link("app-actor"))).Urls[0]).Port;

        var status = await world.AssignAsync("app-http", Link("app-actor", ("address", $"0.0.0.0:{port}")));

        Assert.Equal([$"http://localhost:{port}/"], status.Urls);
        Assert.Equal("ok", await world.Client.GetStringAsync(status.Urls[0]));
    }

    [Fact]
    public async Task A_route_that_cannot_widen_opens_again_where_it_was()
    {
        await using var world = await StartAsync(new GatewayOptions { Insecure = true });
        await world.ServeAsync("app-actor", _ => ActorAnswer.Text("ok"));
        var before = (await world.AssignAsync("app-http", Link("app-actor"))).Urls[0];
        var port = new Uri(before).Port;
        await world.AssignAsync("app-http", Link("app-actor", ("port", $"{port}")));
        using var holder = new TcpListener(IPAddress.Parse("127.0.0.2"), port);
        holder.Start();

        var status = await world.AssignAsync("app-http", Link("app-actor", ("address", $"0.0.0.0:{port}")));

        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.EndsWith($"It keeps answering at {before}", status.Message, StringComparison.Ordinal);
        Assert.Equal("ok", await world.Client.GetStringAsync(before));
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
