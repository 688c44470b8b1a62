using System.Net;
using System.Net.Sockets;
using Allotrope.Wasi.Http;
using Microsoft.AspNetCore.Http;
using ErrorCode = Allotrope.Wasi.Http.ErrorCode;

namespace Allotrope.Wasi.Tests.Http.Requests;

/// <summary>What goes wrong between a guest and a peer has the name that WASI gives it.</summary>
public sealed class RequestFailureTests
{
    [Fact]
    public async Task Nobody_at_the_port_refuses()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var authority = $"{listener.LocalEndpoint}";
        listener.Stop();
        using var guest = new Guest(authority);
        Assert.IsType<ErrorCode.ConnectionRefused>(await guest.ErrorAsync(guest.New("GET", $"http://{authority}/")));
        Assert.Equal((0, 0), (guest.Connections.Open, guest.Requests.UnderWay));
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_an_error_of_DNS()
    {
        using var guest = new Guest("*");
        var error = await guest.ErrorAsync(guest.New("GET", "http://nobody.invalid/"));
        Assert.True(error is ErrorCode.DnsError or ErrorCode.DnsTimeout, $"{error}");
    }

    [Theory]
    [InlineData("", typeof(ErrorCode.HttpResponseIncomplete))]
    [InlineData("HTTP/1.1 200 O", typeof(ErrorCode.HttpResponseIncomplete))]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", typeof(ErrorCode.HttpProtocolError))]
    [InlineData("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", typeof(ErrorCode.HttpProtocolError))]
    public async Task A_peer_that_does_not_answer_in_HTTP_is_named(string answer, Type code)
    {
        await using var peer = new RawPeer(async stream =>
        {
            await RawPeer.HeadAsync(stream);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
        });
        using var guest = new Guest(peer.Authority);
        Assert.IsType(code, await guest.ErrorAsync(guest.Finished(guest.New("POST", $"http://{peer.Authority}/"))));
    }

    [Fact]
    public async Task Headers_without_end_are_an_error()
    {
        await using var peer = new RawPeer(async stream =>
        {
            await RawPeer.HeadAsync(stream);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            try
            {
                for (var line = 0; line < 1_000_000; line++)
                    await stream.WriteAsync("x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"u8.ToArray());
            }
            catch (IOException)
            {
            }
        });
        using var guest = new Guest(peer.Authority);
        Assert.IsType<ErrorCode.HttpResponseHeaderSectionSize>(await guest.ErrorAsync(guest.New("GET", $"http://{peer.Authority}/")));
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nfive!")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nfive!\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nfive!\r\nworse")]
    public async Task A_body_that_breaks_off_does_not_look_whole(string rest)
    {
        await using var peer = new RawPeer(async stream =>
        {
            await RawPeer.HeadAsync(stream);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{rest}"));
        });
        using var guest = new Guest(peer.Authority);
        using var response = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/"));
        var failure = await Assert.ThrowsAsync<HttpFailure>(() => guest.TextAsync(response));
        Assert.True(failure.Code is ErrorCode.HttpResponseIncomplete or ErrorCode.HttpProtocolError, $"{failure.Code}");
        Assert.Equal(0, guest.Requests.UnderWay);
    }

    [Fact]
    public async Task A_peer_that_breaks_off_over_HTTP2_does_not_look_whole()
    {
        await using var peer = await Peer.StartTlsAsync(async context =>
        {
            await context.Response.WriteAsync("five!");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var guest = new Guest(peer.Authority);
        await Assert.ThrowsAsync<HttpFailure>(async () =>
        {
            using var response = await guest.AnswerAsync(guest.New("GET", $"https://{peer.Authority}/"));
            await guest.TextAsync(response);
        });
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_an_error_of_the_certificate()
    {
        await using var peer = await Peer.StartTlsAsync(context => context.Response.WriteAsync("reached"));
        using var connections = new HttpConnections(HttpHosts.Of([peer.Authority]), TimeProvider.System);
        using var guest = new Guest(connections);
        Assert.IsType<ErrorCode.TlsCertificateError>(await guest.ErrorAsync(guest.New("GET", $"https://{peer.Authority}/")));
    }

    [Fact]
    public async Task A_peer_that_speaks_no_TLS_is_an_error_of_the_protocol()
    {
        await using var peer = new RawPeer(async stream => await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()));
        using var guest = new Guest(peer.Authority);
        Assert.IsType<ErrorCode.TlsProtocolError>(await guest.ErrorAsync(guest.New("GET", $"https://{peer.Authority}/")));
    }

    [Fact]
    public async Task A_body_that_the_guest_drops_unfinished_does_not_look_whole_to_the_peer()
    {
        var (came, ended) = (new TaskCompletionSource(), new TaskCompletionSource<Exception?>());
        await using var peer = await Peer.StartAsync(async context =>
        {
            try
            {
                await context.Request.Body.ReadExactlyAsync(new byte[4]);
                came.SetResult();
                await context.Request.Body.CopyToAsync(Stream.Null);
                ended.SetResult(null);
            }
            catch (Exception error)
            {
                ended.SetResult(error);
            }
        });
        using var guest = new Guest(peer.Authority);
        var request = guest.New("POST", $"http://{peer.Authority}/");
        using (var body = request.Body().Value)
        {
            using var future = guest.Handle(request).Value;
            using (var stream = body.Write().Value)
                await Guest.WriteAsync(stream, "part"u8.ToArray());
            await came.Task;
            body.Dispose();
            Assert.IsType<ErrorCode.InternalError>((await Guest.ResultAsync(future)).Error);
        }

        Assert.NotNull(await ended.Task.WaitAsync(Guest.Patience, TestContext.Current.CancellationToken));
    }
}
