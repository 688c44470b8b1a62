using Allotrope.Wasi.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Allotrope.Wasi.Tests.Http.Requests;

/// <summary>What guests send and get.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task A_request_reaches_the_peer_as_the_guest_wrote_it_and_nothing_is_added()
    {
        string? seen = null;
        await using var peer = new RawPeer(async stream =>
        {
            seen = await RawPeer.HeadAsync(stream);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx-b: 1\r\nX-B: zwei\r\nConnection: close\r\n\r\nok"u8.ToArray());
        });
        using var guest = new Guest(peer.Authority);

        using var response = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/a/../b//%2e?q=%41", ("x-a", "grün"), ("accept", "*/*")));

        Assert.Equal(200, response.Status());
        Assert.Equal("ok", await guest.TextAsync(response));
        Assert.Equal(["content-length", "x-b", "x-b"], response.Headers().Entries().Select(entry => entry.Item1.ToLowerInvariant()).Order());
        Assert.Equal(
            ["Accept: */*", "GET /a/../b//%2e?q=%41 HTTP/1.1", $"Host: {peer.Authority}", "x-a: gr\u00c3\u00bcn"],
            seen!.TrimEnd().Split("\r\n").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_body_that_is_ended_at_once_is_no_body()
    {
        await using var peer = await Peer.StartAsync(context => context.Response.WriteAsync($"{context.Request.Headers.TransferEncoding}{context.Request.ContentLength}"));
        using var guest = new Guest(peer.Authority);
        using var get = await guest.AnswerAsync(guest.Finished(guest.New("GET", $"http://{peer.Authority}/")));
        Assert.Equal("", await guest.TextAsync(get));
        using var post = await guest.AnswerAsync(guest.Finished(guest.New("POST", $"http://{peer.Authority}/")));
        Assert.Equal("0", await guest.TextAsync(post));
    }

    [Fact]
    public async Task A_guest_that_keeps_the_body_of_a_GET_and_waits_for_the_response_gets_it()
    {
        await using var peer = await Peer.StartAsync(context => context.Response.WriteAsync("here"));
        using var guest = new Guest(peer.Authority);
        var request = guest.New("GET", $"http://{peer.Authority}/");
        using var kept = request.Body().Value;
        using var response = await guest.AnswerAsync(request);
        Assert.Equal("here", await guest.TextAsync(response));
    }

    [Fact]
    public async Task A_GET_with_a_body_is_sent_with_it()
    {
        await using var peer = await Peer.StartAsync(EchoAsync);
        using var guest = new Guest(peer.Authority);
        var request = guest.New("GET", $"http://{peer.Authority}/");
        using var body = request.Body().Value;
        using (var stream = body.Write().Value)
            await Guest.WriteAsync(stream, "query"u8.ToArray());
        guest.Types.OutgoingBodyFinish(body, null);
        using var response = await guest.AnswerAsync(request);
        Assert.Equal("query", await guest.TextAsync(response));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1_000_000)]
    public async Task A_body_of_any_length_streams_both_ways(int? announced)
    {
        await using var peer = await Peer.StartAsync(EchoAsync);
        using var guest = new Guest(peer.Authority);
        var request = guest.New("POST", $"http://{peer.Authority}/", announced is null ? [] : [("Content-Length", $"{announced}")]);
        using var body = request.Body().Value;
        using var future = guest.Handle(request).Value;
        using (var stream = body.Write().Value)
            await Guest.WriteAsync(stream, Enumerable.Repeat((byte)'x', 1_000_000).ToArray());
        Assert.True(guest.Types.OutgoingBodyFinish(body, null).IsOk);

        using var response = (await Guest.ResultAsync(future)).Value;
        Assert.Equal(announced is null ? "chunked" : "1000000", Guest.Header(response.Headers(), "x-body"));
        Assert.Equal(new string('x', 1_000_000), await guest.TextAsync(response));
    }

    [Fact]
    public async Task A_guest_waits_while_the_peer_does_not_read()
    {
        var read = new TaskCompletionSource();
        await using var peer = await Peer.StartAsync(async context =>
        {
            await read.Task;
            await EchoAsync(context);
        });
        using var guest = new Guest(peer.Authority);
        var request = guest.New("POST", $"http://{peer.Authority}/");
        using var body = request.Body().Value;
        using var future = guest.Handle(request).Value;
        using var stream = body.Write().Value;
        var written = 0L;
        while (stream.CheckWrite().Value is > 0 and var room && written < 100_000_000)
        {
            Assert.True(stream.Write(new byte[room]).IsOk);
            written += (long)room;
        }

        Assert.True(written < 10_000_000, $"{written} bytes were taken");
        read.SetResult();
    }

    [Fact]
    public async Task Trailers_follow_the_body()
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            context.Response.DeclareTrailer("sum");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("sum", "seven");
        });
        await using var tls = await Peer.StartTlsAsync(async context =>
        {
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("sum", "seven");
        });
        await using var chunked = new RawPeer(async stream =>
        {
            await RawPeer.HeadAsync(stream);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nsum: seven\r\n\r\n"u8.ToArray());
        });
        using var guest = new Guest(tls.Authority, chunked.Authority);
        foreach (var url in new[] { $"https://{tls.Authority}/", $"http://{chunked.Authority}/" })
        {
            using var response = await guest.AnswerAsync(guest.New("GET", url));
            using var body = response.Consume().Value;
            Assert.Equal("body", await guest.ReadAsync(body));
            using var trailers = guest.Types.IncomingBodyFinish(body);
            Assert.Equal("seven", Guest.Header((await Guest.TrailersAsync(trailers))!, "sum"));
        }
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData(HttpProtocols.Http2, "HTTP/2")]
    public async Task TLS_settles_which_HTTP_is_spoken(HttpProtocols protocols, string spoken)
    {
        await using var peer = await Peer.StartTlsAsync(context => context.Response.WriteAsync(context.Request.Protocol), protocols);
        using var guest = new Guest($"https://{peer.Authority}", $"localhost:{peer.Port}");
        using var response = await guest.AnswerAsync(guest.New("GET", $"https://{peer.Authority}/"));
        Assert.Equal(spoken, await guest.TextAsync(response));
        using var byName = await guest.AnswerAsync(guest.New("GET", $"https://localhost:{peer.Port}/"));
        Assert.Equal(spoken, await guest.TextAsync(byName));
    }

    [Fact]
    public async Task Over_HTTP2_a_response_comes_while_the_request_is_still_being_sent()
    {
        await using var peer = await Peer.StartTlsAsync(EchoAsync);
        using var guest = new Guest(peer.Authority);
        var request = guest.New("POST", $"https://{peer.Authority}/");
        using var body = request.Body().Value;
        using var future = guest.Handle(request).Value;
        using var stream = body.Write().Value;
        await Guest.WriteAsync(stream, "one"u8.ToArray());
        using var response = (await Guest.ResultAsync(future)).Value;
        using var came = response.Consume().Value;
        using var reading = came.Stream().Value;
        Assert.Equal("one"u8.ToArray(), (await reading.BlockingRead(100)).Value.ToArray());
        await Guest.WriteAsync(stream, "two"u8.ToArray());
        Assert.Equal("two"u8.ToArray(), (await reading.BlockingRead(100)).Value.ToArray());
        stream.Dispose();
        Assert.True(guest.Types.OutgoingBodyFinish(body, null).IsOk);
        Assert.False((await reading.BlockingRead(100)).IsOk);
    }

    [Fact]
    public async Task Redirects_are_the_guests_to_follow_and_cookies_to_keep()
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            if (context.Request.Path == "/")
            {
                context.Response.Cookies.Append("a", "b");
                context.Response.Redirect("/next");
            }

            return context.Response.WriteAsync($"cookies {context.Request.Cookies.Count}");
        });
        using var guest = new Guest(peer.Authority);
        using var first = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/"));
        Assert.Equal(302, first.Status());
        Assert.Equal("/next", Guest.Header(first.Headers(), "location"));
        using var second = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/next"));
        Assert.Equal("cookies 0", await guest.TextAsync(second));
    }

    [Fact]
    public async Task A_compressed_body_comes_as_it_is()
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsync("no gzip");
        });
        using var guest = new Guest(peer.Authority);
        using var response = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/"));
        Assert.Equal("no gzip", await guest.TextAsync(response));
    }

    [Fact]
    public async Task Requests_one_after_another_share_a_connection()
    {
        await using var peer = new RawPeer(async stream =>
        {
            while (await RawPeer.HeadAsync(stream) is { Length: > 0 })
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        });
        using var guest = new Guest(peer.Authority);
        for (var time = 0; time < 5; time++)
            using (var response = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/")))
                Assert.Equal("ok", await guest.TextAsync(response));
        Assert.Equal((1, 1, 0), (peer.Accepted, guest.Connections.Open, guest.Requests.UnderWay));
    }

    static async Task EchoAsync(HttpContext context)
    {
        context.Response.Headers["x-body"] = context.Request.ContentLength is { } length ? $"{length}" : $"{context.Request.Headers.TransferEncoding}";
        var held = new MemoryStream();
        if (context.Request.Protocol == "HTTP/2")
        {
            await context.Response.StartAsync();
            var buffer = new byte[64 * 1024];
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var read)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
                await context.Response.Body.FlushAsync();
            }

            return;
        }

        await context.Request.Body.CopyToAsync(held);
        await context.Response.Body.WriteAsync(held.ToArray());
    }

    [Fact]
    public async Task Header_values_are_bytes_both_ways()
    {
        byte[] bytes = [(byte)'a', .. Enumerable.Range(0x80, 0x80).Select(code => (byte)code)]; // no UTF-8
        await using var peer = new RawPeer(async stream =>
        {
            var line = (await RawPeer.HeadAsync(stream)).Split("\r\n").Single(line => line.StartsWith("x-bytes: ", StringComparison.OrdinalIgnoreCase));
            var value = System.Text.Encoding.Latin1.GetBytes(line["x-bytes: ".Length..]);
            await stream.WriteAsync((byte[])[.. "HTTP/1.1 204 No Content\r\nx-back: "u8, .. value, .. "\r\n\r\n"u8]);
        });
        using var guest = new Guest(peer.Authority);
        var fields = guest.Types.FieldsFromList([("x-bytes", bytes)]).Value;
        using var response = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/", fields));
        using var back = response.Headers();

        Assert.Equal(bytes, Assert.Single(back.Get("x-back")).ToArray());
    }
}
