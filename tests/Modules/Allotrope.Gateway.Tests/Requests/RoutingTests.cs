using System.Net;
using System.Net.Http.Json;
using static Allotrope.Gateway.Tests.GatewayWorld;

namespace Allotrope.Gateway.Tests.Requests;

public class RoutingTests
{
    [Fact]
    public async Task A_request_reaches_the_linked_actor_with_all_its_parts()
    {
        SeenRequest? seen = null;
        var (world, address) = await StartAsync(request =>
        {
            seen = request;
            return ActorAnswer.Of(201, "made"u8.ToArray(), ("x-made", ["yes"]), ("set-cookie", ["a=1", "b=2"]));
        });
        await using var _ = world;

        using var message = new HttpRequestMessage(HttpMethod.Put, new Uri(address, "/shop/a%20b?x=1&y=%2F")) { Content = new StringContent("body") };
        message.Headers.Add("X-Many", ["one", "two"]);
        using var answer = await world.Client.SendAsync(message);

        Assert.Equal(("PUT", "/shop/a%20b", "x=1&y=%2F"), (seen!.Method, seen.Path, seen.Query));
        Assert.Equal("body"u8.ToArray(), seen.Body);
        Assert.Equal("one, two", string.Join(", ", seen.Headers["x-many"]));
        Assert.Equal(address.Authority, Assert.Single(seen.Headers["host"]));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("made", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("set-cookie"));
    }

    [Fact]
    public async Task Hosts_and_paths_of_one_port_lead_to_different_actors()
    {
        await using var world = await StartAsync();
        foreach (var name in (string[])["app-root", "app-shop", "app-host"])
            await world.ServeAsync(name, _ => ActorAnswer.Text(name));
        var status = await world.AssignAsync(
            "app-http", Link("app-root"), Link("app-shop", ("path", "/shop")), Link("app-host", ("host", "shop.example.org")));

        var root = new Uri(status.Urls[0]);
        Assert.Equal("app-root", await world.Client.GetStringAsync(root));
        Assert.Equal("app-shop", await world.Client.GetStringAsync(new Uri(root, "/shop/7")));
        using var request = new HttpRequestMessage(HttpMethod.Get, root);
        request.Headers.Host = "shop.example.org";
        using var answer = await world.Client.SendAsync(request);
        Assert.Equal("app-host", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_path_without_a_route_is_404_with_a_problem_that_says_what_to_do()
    {
        await using var world = await StartAsync();
        var status = await world.AssignAsync("app-http", Link("app-shop", ("path", "/shop")));

        using var answer = await world.Client.GetAsync(new Uri(new Uri(status.Urls[0]), "/"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
        var problem = await answer.Content.ReadFromJsonAsync<Dictionary<string, object>>();
        Assert.Equal("gateway", problem!["hop"].ToString());
        Assert.Contains("allot status", problem["next"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dot_segments_cannot_lead_out_of_a_prefix()
    {
        var paths = new List<string>();
        await using var world = await StartAsync();
        await world.ServeAsync("app-shop", request =>
        {
            paths.Add(request.Path);
            return ActorAnswer.Text("shop");
        });
        var address = new Uri((await world.AssignAsync("app-http", Link("app-shop", ("path", "/shop")))).Urls[0]);

        using var outside = await ConnectAsync(address);
        await outside.SendAsync("GET /shop/%2e%2e/secret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404", await outside.ReadToEndAsync(), StringComparison.Ordinal);
        using var inside = await ConnectAsync(address);
        await inside.SendAsync("GET /shop/a/../b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await inside.ReadToEndAsync(), StringComparison.Ordinal);

        Assert.Equal(["/shop/b"], paths);
    }

    [Fact]
    public async Task HEAD_tells_the_length_without_the_body()
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Text("twelve bytes"));
        await using var _ = world;

        using var connection = await ConnectAsync(address);
        await connection.SendAsync("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var answer = await connection.ReadToEndAsync();

        Assert.Contains("Content-Length: 12\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(304)]
    public async Task A_status_without_body_is_sent_without_body(int status)
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Of(status, "not to be sent"u8.ToArray()));
        await using var _ = world;

        using var answer = await world.Client.GetAsync(address);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Requests_of_one_connection_do_not_see_each_others_bodies()
    {
        var (world, address) = await StartAsync(request => ActorAnswer.Of(200, request.Body));
        await using var _ = world;

        // Sizes around the connection's own buffer, so that it is outgrown and used again
        foreach (var size in (int[])[10, 100_000, 0, 3000, 5, 1_000_000, 1])
        {
            var body = new byte[size];
            new Random(size).NextBytes(body);
            using var answer = await world.Client.PostAsync(address, new ByteArrayContent(body));
            Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task A_body_of_unknown_length_arrives_whole()
    {
        var (world, address) = await StartAsync(request => ActorAnswer.Of(200, request.Body));
        await using var _ = world;

        using var connection = await ConnectAsync(address);
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");

        Assert.EndsWith("\r\n\r\nhello!", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
