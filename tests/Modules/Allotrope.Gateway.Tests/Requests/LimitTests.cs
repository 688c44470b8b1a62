using System.Net;
using Allotrope.Contracts;
using static Allotrope.Gateway.Tests.GatewayWorld;

namespace Allotrope.Gateway.Tests.Requests;

public class LimitTests
{
    static readonly GatewayOptions Small = new()
    {
        Limits = new() { BodyLength = 1000, HeadersLength = 2000, HeaderCount = 10, RequestLineLength = 500, HeadersTime = TimeSpan.FromSeconds(1) },
    };

    [Theory]
    [InlineData(1000, 200)]
    [InlineData(1001, 413)]
    public async Task A_body_of_known_length_may_be_as_lengthyas_the_limit(int length, int status)
    {
        var (world, address) = await StartAsync(request => ActorAnswer.Of(200, request.Body), Small);
        await using var _ = world;

        using var answer = await world.Client.PostAsync(address, new ByteArrayContent(new byte[length]));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_cut_off_at_the_limit()
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Text("never"), Small);
        await using var _ = world;

        using var connection = await ConnectAsync(address);
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        await connection.SendAsync($"400\r\n{new string('x', 1024)}\r\n");
        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("larger than the 1000 bytes", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_that_together_exceed_the_budget_are_503_until_others_are_done()
    {
        await using var world = await StartAsync(new GatewayOptions { Limits = new() { BodiesLength = 1500 } });
        var called = new TaskCompletionSource();
        var answer = new TaskCompletionSource<InvocationResult>();
        await world.ServeAsync("app-actor", (_, _) =>
        {
            called.TrySetResult();
            return new(answer.Task);
        });
        var address = (await world.AssignAsync("app-http", Link("app-actor"))).Urls[0];

        var first = world.Client.PostAsync(address, new ByteArrayContent(new byte[1000]));
        await called.Task;
        using var refused = await world.Client.PostAsync(address, new ByteArrayContent(new byte[1000]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("\"hop\":\"gateway\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        answer.SetResult(ActorAnswer.Text("done"));
        using var served = await first;
        using var afterwards = await world.Client.PostAsync(address, new ByteArrayContent(new byte[1000]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (served.StatusCode, afterwards.StatusCode));
    }

    [Fact]
    public async Task Headers_beyond_the_limit_are_431()
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Text("never"), Small);
        await using var _ = world;

        using var lengthy = await ConnectAsync(address);
        await lengthy.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nX-Long: {new string('x', 3000)}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431", await lengthy.ReadToEndAsync(), StringComparison.Ordinal);
        using var many = await ConnectAsync(address);
        await many.SendAsync($"GET / HTTP/1.1\r\n{string.Concat(Enumerable.Repeat("A: b\r\n", 20))}\r\n");
        Assert.StartsWith("HTTP/1.1 431", await many.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_line_beyond_the_limit_is_414()
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Text("never"), Small);
        await using var _ = world;

        using var connection = await ConnectAsync(address);
        await connection.SendAsync($"GET /{new string('x', 600)} HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 414", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_slow_with_its_headers_is_cut_off_while_others_are_served()
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Text("ok"), Small);
        await using var _ = world;

        using var slow = await ConnectAsync(address);
        await slow.SendAsync("GET / HTTP/1.1\r\nHos");
        var cutOff = slow.ReadToEndAsync();

        Assert.Equal("ok", await world.Client.GetStringAsync(address));
        Assert.StartsWith("HTTP/1.1 408", await cutOff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_slow_with_its_body_is_cut_off_while_others_are_served()
    {
        var (world, address) = await StartAsync(
            _ => ActorAnswer.Text("ok"), Small with { Limits = Small.Limits with { SlowClientGrace = TimeSpan.FromSeconds(1.1) } });
        await using var _ = world;

        using var slow = await ConnectAsync(address);
        await slow.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
        var cutOff = slow.ReadToEndAsync();

        Assert.Equal("ok", await world.Client.GetStringAsync(address));
        Assert.StartsWith("HTTP/1.1 408", await cutOff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_in_its_body_reaches_no_actor_and_harms_nobody()
    {
        var calls = 0;
        var (world, address) = await StartAsync(_ =>
        {
            calls++;
            return ActorAnswer.Text("ok");
        });
        await using var _ = world;

        for (var i = 0; i < 20; i++)
        {
            var leaver = await ConnectAsync(address);
            await leaver.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
            leaver.Reset();
        }

        Assert.Equal("ok", await world.Client.GetStringAsync(address));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_waits_cancels_the_call()
    {
        await using var world = await StartAsync();
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await world.ServeAsync("app-actor", async (_, cancellation) =>
        {
            called.SetResult();
            await using var registration = cancellation.Register(cancelled.SetResult);
            await cancelled.Task;
            throw new OperationCanceledException(cancellation);
        });
        var address = new Uri((await world.AssignAsync("app-http", Link("app-actor"))).Urls[0]);

        var leaver = await ConnectAsync(address);
        await leaver.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await called.Task;
        leaver.Reset();

        await cancelled.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Bytes_that_are_no_HTTP_are_400()
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Text("never"));
        await using var _ = world;

        using var connection = await ConnectAsync(address);
        await connection.SendAsync("\u0016\u0003\u0001 hello\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
