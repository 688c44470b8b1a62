using System.Net;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Gateway.Tests.Requests;

/// <summary>What a component sends behind its body, over HTTP/2.</summary>
public class TrailerTests
{
    public static TheoryData<string, KeyValuePair<string, string>[]> Bad => new()
    {
        { "a name that is no token", [new("x-sum", "seven"), new("x y", "z")] },
        { "a value with a line of its own", [new("x-sum", "seven"), new("x", "y\r\nset-cookie: z")] },
        { "more than a hundred", [.. Enumerable.Range(0, 101).Select(i => KeyValuePair.Create($"x-{i}", "y"))] },
    };

    [Fact]
    public Task Trailers_follow_the_body_but_not_those_of_the_connection_or_the_bodys_form() => AskAsync(
        [new("x-sum", "seven"), new("Connection", "x"), new("transfer-encoding", "chunked"), new("content-length", "9"), new("set-cookie", "a=b")],
        Task.CompletedTask,
        async answer =>
        {
            Assert.Equal("body", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            var (name, value) = Assert.Single(answer.TrailingHeaders);
            Assert.Equal(("x-sum", "seven"), (name.ToLowerInvariant(), Assert.Single(value)));
        });

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public Task Bad_trailers_of_an_answer_that_has_not_begun_make_it_a_502_without_them(string what, KeyValuePair<string, string>[] trailers) => AskAsync(
        trailers,
        Task.CompletedTask,
        async answer =>
        {
            Assert.True(answer.StatusCode == HttpStatusCode.BadGateway, what);
            Assert.DoesNotContain("body", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Empty(answer.TrailingHeaders);
        });

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public Task Bad_trailers_behind_a_head_that_is_sent_break_the_answer_off(string what, KeyValuePair<string, string>[] trailers)
    {
        var headSeen = new TaskCompletionSource();
        return AskAsync(trailers, headSeen.Task, async answer =>
        {
            Assert.True(answer.StatusCode == HttpStatusCode.OK, what);
            headSeen.SetResult();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Empty(answer.TrailingHeaders);
        });
    }

    /// <param name="written">When the component writes its body and ends it.</param>
    static async Task AskAsync(KeyValuePair<string, string>[] trailers, Task written, Func<HttpResponseMessage, Task> check)
    {
        using var certificate = TestCertificate.Create();
        await using var world = await StreamingWorld.StartAsync((_, _) => ValueTask.FromResult(Answer(trailers, written)), new GatewayOptions { Certificate = certificate });
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString() } });
        using var request = new HttpRequestMessage(HttpMethod.Get, world.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await check(answer);
    }

    static Message Answer(KeyValuePair<string, string>[] trailers, Task written)
    {
        var stream = new ByteStream();
        _ = WriteAsync();
        return new Message("", Payload.Of(new HttpResponseHead(200, []), ContractsJson.Default.HttpResponseHead)) { Body = stream };

        async Task WriteAsync()
        {
            await written;
            await stream.Writer.WriteAsync("body"u8.ToArray());
            stream.Complete(new Headers(trailers));
        }
    }
}
