using System.Net;
using Allotrope.Contracts;
using static Allotrope.Gateway.Tests.GatewayWorld;

namespace Allotrope.Gateway.Tests.Requests;

public class HeaderTests
{
    [Fact]
    public async Task Headers_of_the_clients_connection_do_not_reach_the_actor()
    {
        SeenRequest? seen = null;
        var (world, address) = await StartAsync(request =>
        {
            seen = request;
            return ActorAnswer.Text("ok");
        });
        await using var _ = world;

        using var connection = await ConnectAsync(address);
        await connection.SendAsync(
            "GET / HTTP/1.0\r\nHost: a\r\nConnection: x-mine\r\nX-Mine: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Kept: 2\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await connection.ReadToEndAsync(), StringComparison.Ordinal);

        Assert.Equal(["host", "x-kept"], seen!.Headers.Keys.Order());
    }

    [Fact]
    public async Task Headers_of_a_connection_in_an_answer_do_not_reach_the_client()
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Of(
            200, "ok"u8.ToArray(), ("Transfer-Encoding", ["chunked"]), ("content-length", ["9999"]), ("Connection", ["x"]), ("x-kept", ["2"])));
        await using var _ = world;

        using var answer = await world.Client.GetAsync(address);

        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Equal(2, answer.Content.Headers.ContentLength);
        Assert.Null(answer.Headers.TransferEncodingChunked);
        Assert.Equal("2", Assert.Single(answer.Headers.GetValues("x-kept")));
    }

    [Theory]
    [InlineData("x-a", "1\r\nset-cookie: stolen=1")]
    [InlineData("x-a", "1\nx: y")]
    [InlineData("x-a", "\0")]
    [InlineData("x-a", "grün")]
    [InlineData("x a", "1")]
    [InlineData("x:a", "1")]
    [InlineData("x-a\r\nset-cookie: stolen=1\r\nx-b", "1")]
    [InlineData("", "1")]
    public async Task A_header_that_could_end_its_line_is_refused(string name, string value)
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Of(200, "ok"u8.ToArray(), (name, [value])));
        await using var _ = world;

        using var answer = await world.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.False(answer.Headers.Contains("set-cookie"));
        Assert.DoesNotContain("stolen", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_is_given_text_for_what_is_UTF8()
    {
        SeenRequest? seen = null;
        var (world, address) = await StartAsync(request =>
        {
            seen = request;
            return ActorAnswer.Text("ok");
        });
        await using var _ = world;

        using var connection = await ConnectAsync(address);
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Text: Gr\u00c3\u00bcn\r\nX-Bytes: \u00ff\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await connection.ReadToEndAsync(), StringComparison.Ordinal);

        Assert.Equal(("Gr\u00fcn", "\ufffd"), (Assert.Single(seen!.Headers["x-text"]), Assert.Single(seen.Headers["x-bytes"])));
    }

    [Fact]
    public async Task Why_an_answer_was_refused_is_in_the_actors_log()
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Of(200, [], ("x-a", ["\n"])));
        await using var _ = world;
        await using var log = await world.Lattice.SubscribeAsync(Subjects.LogsWrite);

        using var answer = await world.Client.GetAsync(address);

        var line = (await log.Messages.ReadAsync(TestContext.Current.CancellationToken)).Payload.As(ContractsJson.Default.LogLine);
        Assert.Equal("error", line.Level);
        Assert.Contains("may not stand in one", line.Text, StringComparison.Ordinal);
    }
}
