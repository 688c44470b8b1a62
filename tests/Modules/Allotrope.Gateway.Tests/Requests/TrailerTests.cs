using System.Net;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Gateway.Tests.Requests;

/// <summary>What a component sends behind its body, over HTTP/2.</summary>
public class TrailerTests
{
    [Fact]
    public async Task Trailers_follow_the_body_but_not_those_of_the_connection_or_the_bodys_form()
    {
        var fields = await TrailersAsync(new("x-sum", "seven"), new("Connection", "x"), new("transfer-encoding", "chunked"), new("content-length", "9"), new("set-cookie", "a=b"));
        Assert.Equal(("x-sum", "seven"), Assert.Single(fields));
    }

    static async Task<(string, string)[]> TrailersAsync(params KeyValuePair<string, string>[] trailers)
    {
        using var certificate = TestCertificate.Create();
        await using var world = await StreamingWorld.StartAsync((_, _) => ValueTask.FromResult(Answer(trailers)), new GatewayOptions { Certificate = certificate });
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString() } });
        using var request = new HttpRequestMessage(HttpMethod.Get, world.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("body", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. answer.TrailingHeaders.SelectMany(field => field.Value.Select(value => (field.Key.ToLowerInvariant(), value)))];
    }

    static Message Answer(KeyValuePair<string, string>[] trailers)
    {
        var stream = new ByteStream();
        _ = WriteAsync();
        return new Message("", Payload.Of(new HttpResponseHead(200, []), ContractsJson.Default.HttpResponseHead)) { Body = stream };

        async Task WriteAsync()
        {
            await stream.Writer.WriteAsync("body"u8.ToArray());
            stream.Complete(new Headers(trailers));
        }
    }
}
