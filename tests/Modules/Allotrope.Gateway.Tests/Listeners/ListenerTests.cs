using System.Net;
using System.Net.Sockets;
using Allotrope.Contracts;
using static Allotrope.Gateway.Tests.GatewayWorld;

namespace Allotrope.Gateway.Tests.Listeners;

public class ListenerTests
{
    [Fact]
    public async Task The_status_tells_the_address_of_every_route()
    {
        await using var world = await StartAsync();

        var status = await world.AssignAsync("app-http", Link("app-one"), Link("app-two", ("path", "/two")), Link("app-three", ("host", "three.example.org")));

        Assert.Equal(WorkloadState.Running, status.State);
        var port = new Uri(status.Urls[0]).Port;
        Assert.Equal([$"http://127.0.0.1:{port}/", $"http://127.0.0.1:{port}/two", $"http://three.example.org:{port}/"], status.Urls);
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_that_providers_status_and_leaves_the_others_alone()
    {
        await using var world = await StartAsync();
        await world.ServeAsync("good-actor", _ => ActorAnswer.Text("good"));
        var good = (await world.AssignAsync("good-http", Link("good-actor"))).Urls[0];
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var status = await world.AssignAsync("bad-http", Link("bad-actor", ("port", $"{port}")));

        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.StartsWith($"port {port} on 127.0.0.1 is already in use by another program; ", status.Message, StringComparison.Ordinal);
        Assert.Equal("good", await world.Client.GetStringAsync(good));
    }

    [Fact]
    public async Task A_port_that_becomes_free_is_taken()
    {
        await using var world = await StartAsync();
        await world.ServeAsync("app-actor", _ => ActorAnswer.Text("at last"));
        var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        await world.AssignAsync("app-http", Link("app-actor", ("port", $"{((IPEndPoint)holder.LocalEndpoint).Port}")));

        holder.Dispose();

        var status = await world.StatusAsync("app-http", status => status.State == WorkloadState.Running);
        Assert.Equal("at last", await world.Client.GetStringAsync(status.Urls[0]));
    }

    [Fact]
    public async Task Two_providers_that_want_one_place_are_a_conflict_until_one_leaves()
    {
        await using var world = await StartAsync();
        await world.ServeAsync("two-actor", _ => ActorAnswer.Text("two"));
        await world.AssignAsync("one-http", Link("one-actor"));

        var second = await world.AssignAsync("two-http", Link("two-actor"));
        Assert.Equal(WorkloadState.Failed, second.State);
        Assert.Contains("two-actor and one-actor are both linked to", second.Message, StringComparison.Ordinal);

        await world.UnassignAsync("one-http");
        var status = await world.StatusAsync("two-http", status => status.State == WorkloadState.Running);
        Assert.Equal("two", await world.Client.GetStringAsync(status.Urls[0]));
    }

    [Fact]
    public async Task A_port_closes_with_its_last_route_and_the_others_stay_open()
    {
        await using var world = await StartAsync();
        await world.ServeAsync("one-actor", _ => ActorAnswer.Text("one"));
        var one = (await world.AssignAsync("one-http", Link("one-actor"))).Urls[0];
        var two = new Uri((await world.AssignAsync("two-http", Link("two-actor", ("address", "[::1]:0")))).Urls[0]);

        await world.UnassignAsync("two-http");

        Assert.Equal("one", await world.Client.GetStringAsync(one));
        await Assert.ThrowsAsync<HttpRequestException>(() => world.Client.GetAsync(two));
    }

    [Fact]
    public async Task A_refused_value_fails_its_provider_with_the_sentence()
    {
        await using var world = await StartAsync();

        var status = await world.AssignAsync("app-http", Link("app-actor", ("prot", "80")));

        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("'prot' is no value of a link", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_the_machine_has_not_is_told_in_the_status()
    {
        await using var world = await StartAsync(new GatewayOptions { Insecure = true });

        var status = await world.AssignAsync("app-http", Link("app-actor", ("address", "192.0.2.1:0")));

        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.StartsWith("192.0.2.1 is no address of this machine", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_not_this_gateway_is_refused()
    {
        await using var world = await StartAsync();

        var status = await world.AssignAsync(Assignments.Http(Node, "app-http", 1, Link("app-actor")) with { Image = "wasmcloud.azurecr.io/httpserver:0.17.0" });

        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("this node has builtin:httpserver for it", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_TLS_and_HTTP_2()
    {
        using var certificate = TestCertificate.Create();
        var (world, address) = await StartAsync(_ => ActorAnswer.Text("secret"), new GatewayOptions { Certificate = certificate });
        await using var _ = world;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetCertHashString() == certificate.GetCertHashString() },
        });

        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version20 };
        using var answer = await client.SendAsync(request);

        Assert.Equal("https", address.Scheme);
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("secret", await answer.Content.ReadAsStringAsync());
    }
}
