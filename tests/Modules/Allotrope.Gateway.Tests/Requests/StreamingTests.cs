using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using static Allotrope.Gateway.Tests.GatewayWorld;

namespace Allotrope.Gateway.Tests.Requests;

/// <summary>Requests to components: bodies pass while both sides work.</summary>
public class StreamingTests
{
    static readonly byte[] Block = new byte[64 * 1024];

    [Fact]
    public async Task The_head_of_a_request_arrives_as_it_was_sent()
    {
        HttpRequestHead? seen = null;
        await using var world = await StartAsync((request, _) =>
        {
            seen = request.Payload.As(ContractsJson.Default.HttpRequestHead);
            return Head(204);
        });
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(world.Address, "/a%20b?q=1"));
        request.Headers.Add("X-Two", ["1", "2"]);
        using var answer = await world.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(("PUT", "http", world.Address.Authority, "/a%20b?q=1"), (seen!.Method, seen.Scheme, seen.Authority, seen.PathWithQuery));
        Assert.Equal("1, 2", string.Join(", ", seen.Headers.Where(one => one.Key == "X-Two").Select(one => one.Value)));
    }

    [Fact]
    public async Task A_header_is_bytes_both_ways()
    {
        var bytes = string.Concat(Enumerable.Range(0x80, 0x80).Select(code => (char)code)); // no UTF-8
        string? seen = null;
        await using var world = await StartAsync((request, _) =>
        {
            seen = request.Payload.As(ContractsJson.Default.HttpRequestHead).Headers.Single(one => one.Key == "X-Bytes").Value;
            return Head(204, new KeyValuePair<string, string>("x-back", seen));
        });
        using var connection = await ConnectAsync(world.Address);
        await connection.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Bytes: a{bytes}z\r\n\r\n");
        var answer = await connection.ReadToEndAsync();

        Assert.Equal($"a{bytes}z", seen);
        Assert.Contains($"\r\nx-back: a{bytes}z\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\r\nset-cookie: stolen=1")]
    [InlineData("a\u007f")]
    [InlineData("\u0100")]
    [InlineData("\u560d\u560a")] // of which somebody might send the lower bytes
    public async Task But_nothing_that_could_end_its_line(string value)
    {
        await using var world = await StartAsync((_, _) => Head(200, new KeyValuePair<string, string>("x-back", value)));
        using var answer = await world.Client.GetAsync(world.Address);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.False(answer.Headers.Contains("set-cookie"));
    }

    [Fact]
    public async Task An_answer_of_many_times_the_streams_capacity_arrives_whole()
    {
        await using var world = await StartAsync((_, _) => Body(200, async stream =>
        {
            for (var i = 0; i < 100; i++)
                await stream.Writer.WriteAsync(Block);
            stream.Complete();
        }));
        Assert.Equal(100 * Block.Length, (await world.Client.GetByteArrayAsync(world.Address)).Length);
    }

    [Fact]
    public async Task A_body_is_echoed_while_it_is_sent()
    {
        await using var world = await StartAsync((request, _) => Body(200, async stream =>
        {
            await request.Body!.Reader.CopyToAsync(stream.Writer);
            stream.Complete();
            request.Body.Abandon();
        }));
        using var connection = await ConnectAsync(world.Address);
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        await connection.ReadUntilAsync("\r\n\r\n"); // the head of the answer, though the body has not begun
        await connection.SendAsync("3\r\none\r\n");
        await connection.ReadUntilAsync("one");
        await connection.SendAsync("3\r\ntwo\r\n0\r\n\r\n");
        Assert.Contains("two", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_known_length_is_sent_when_it_comes_whole_behind_its_head()
    {
        var headSeen = new TaskCompletionSource();
        await using var world = await StartAsync(async (_, _) =>
        {
            var stream = new ByteStream();
            _ = WriteAsync();
            return await Head(200, new KeyValuePair<string, string>("Content-Length", "4")) with { Body = stream };

            async Task WriteAsync()
            {
                await headSeen.Task;
                stream.Writer.Write("body"u8);
                stream.Complete(); // so that one read finds the body and its end
            }
        });
        using var connection = await ConnectAsync(world.Address);
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"); // a connection that stays open
        await connection.ReadUntilAsync("\r\n\r\n");
        headSeen.SetResult();
        await connection.ReadUntilAsync("body").WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_body_larger_than_an_actor_may_be_sent_passes()
    {
        var length = 0L;
        await using var world = await StartAsync((request, _) => Body(200, async stream =>
        {
            while (await request.Body!.Reader.ReadAsync() is var read && (!read.IsCompleted || !read.Buffer.IsEmpty))
            {
                length += read.Buffer.Length;
                request.Body.Reader.AdvanceTo(read.Buffer.End);
            }
            request.Body.Abandon();
            stream.Complete();
        }), new GatewayOptions { Limits = new() { BodyLength = 1000 } });
        using var answer = await world.Client.PostAsync(world.Address, new ByteArrayContent(new byte[1_000_000]));
        Assert.Equal((HttpStatusCode.OK, 1_000_000L), (answer.StatusCode, length));
    }

    [Fact]
    public async Task The_trailers_of_a_request_follow_its_body()
    {
        await using var world = await StartAsync((request, _) => Body(200, async stream =>
        {
            while (await request.Body!.Reader.ReadAsync() is { IsCompleted: false } read)
                request.Body.Reader.AdvanceTo(read.Buffer.End);
            await stream.Writer.WriteAsync(Encoding.ASCII.GetBytes(request.Body.Trailers?["X-Sum"] ?? "none"));
            request.Body.Abandon();
            stream.Complete();
        }));
        using var connection = await ConnectAsync(world.Address);
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: seven\r\n\r\n");
        Assert.Contains("seven", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_waits_for_a_client_that_does_not_read()
    {
        var (full, written) = (new TaskCompletionSource(), 0L);
        await using var world = await StartAsync((_, _) => Body(200, async stream =>
        {
            while (!full.Task.IsCompleted)
            {
                var writing = stream.Writer.WriteAsync(Block);
                if (!writing.IsCompleted && await Task.WhenAny(writing.AsTask(), Task.Delay(TimeSpan.FromSeconds(1))) is Task<FlushResult> { IsCompleted: true })
                    continue;
                if (!writing.IsCompleted)
                    full.TrySetResult();
                written += Block.Length;
            }
        }));
        using var connection = await ConnectAsync(world.Address);
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await full.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(written < 64 * 1024 * 1024, $"{written} bytes went into sockets and pipes");
    }

    [Fact]
    public async Task A_client_that_leaves_abandons_the_answer()
    {
        var (began, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var world = await StartAsync((_, _) => Body(200, async stream =>
        {
            stream.Abandoned.Register(left.SetResult);
            await stream.Writer.WriteAsync(Block);
            began.SetResult();
        }));
        using var connection = await ConnectAsync(world.Address);
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await connection.ReadUntilAsync("\r\n\r\n");
        await began.Task;
        connection.Reset();
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_body_breaks_the_stream()
    {
        var (began, broken) = (new TaskCompletionSource(), new TaskCompletionSource<Exception>());
        await using var world = await StartAsync(async (request, cancellation) =>
        {
            began.SetResult();
            try
            {
                while (await request.Body!.Reader.ReadAsync(CancellationToken.None) is { IsCompleted: false } read)
                    request.Body.Reader.AdvanceTo(read.Buffer.End);
            }
            catch (IOException error)
            {
                broken.SetResult(error);
            }
            request.Body!.Abandon();
            return await Head(204);
        });
        using var connection = await ConnectAsync(world.Address);
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
        await began.Task;
        connection.Reset();
        Assert.Contains("the client", (await broken.Task.WaitAsync(TimeSpan.FromSeconds(30))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_stalls_is_cut_off_however_fast_it_was_before()
    {
        var left = new TaskCompletionSource<string?>();
        await using var world = await StartAsync((_, _) => Body(200, async stream =>
        {
            stream.Abandoned.Register(() => left.SetResult(stream.Reason));
            var isTaken = true;
            while (isTaken)
                isTaken = !(await stream.Writer.WriteAsync(Block)).IsCompleted;
        }), Impatient);
        using var connection = await ConnectAsync(world.Address);
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await connection.ReadAsync(100 * Block.Length); // by the average it might now stall for minutes
        Assert.Equal("the client took less than 240 bytes a second and was cut off", await left.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_body_that_stalls_is_broken_off_however_fast_it_was_before()
    {
        await using var world = await StartAsync((request, _) => Body(200, async stream =>
        {
            try
            {
                while (await request.Body!.Reader.ReadAsync(CancellationToken.None) is { IsCompleted: false } read)
                    request.Body.Reader.AdvanceTo(read.Buffer.End);
            }
            catch (IOException error)
            {
                await stream.Writer.WriteAsync(Encoding.ASCII.GetBytes(error.Message));
            }
            request.Body!.Abandon();
            stream.Complete();
        }), Impatient);
        using var connection = await ConnectAsync(world.Address);
        await connection.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {1000 * Block.Length}\r\n\r\n");
        await connection.SendAsync(new string('x', 100 * Block.Length));
        await connection.ReadUntilAsync("the client sent less than 240 bytes a second and was cut off"); // the component says so
    }

    [Fact]
    public void A_client_may_seem_to_stall_for_as_long_as_a_slow_one_takes_for_what_the_systems_buffers_hold() =>
        Assert.InRange(new GatewayLimits().LongestStall, TimeSpan.FromSeconds((((4 << 20) / 3) + ((6 << 20) / 16)) / 240), TimeSpan.FromHours(3));

    [Fact]
    public async Task An_answer_that_breaks_before_it_began_is_a_502()
    {
        await using var world = await StartAsync((_, _) => throw new FaultException(new Fault.Failed("trapped")));
        using var answer = await world.Client.GetAsync(world.Address);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task An_answer_that_breaks_in_the_middle_does_not_look_whole()
    {
        await using var world = await StartAsync((_, _) => Body(200, async stream =>
        {
            await stream.Writer.WriteAsync(Block);
            await stream.Writer.WriteAsync(Block);
            stream.Fail(new FaultException(new Fault.Failed("trapped")));
        }));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => world.Client.GetByteArrayAsync(world.Address));
        using var answer = await world.Client.GetAsync(new Uri(world.Address, "/"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode); // and the gateway goes on
    }

    [Theory]
    [InlineData(199, "x", "y")]
    [InlineData(200, "x y", "z")]
    [InlineData(200, "x", "y\r\nset-cookie: z")]
    [InlineData(200, "content-length", "minus one")]
    public async Task What_could_harm_the_connection_is_a_502(int status, string name, string value)
    {
        await using var world = await StartAsync((_, _) => Head(status, new KeyValuePair<string, string>(name, value)));
        using var answer = await world.Client.GetAsync(world.Address);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task A_HEAD_request_is_answered_without_the_body()
    {
        var done = new TaskCompletionSource();
        await using var world = await StartAsync((_, _) => Body(200, async stream =>
        {
            await stream.Writer.WriteAsync(Block);
            stream.Complete();
            done.SetResult();
        }));
        using var answer = await world.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, world.Address));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await done.Task;
    }

    /// <summary>Waits for nobody longer than two seconds.</summary>
    static GatewayOptions Impatient => new() { Limits = new() { LongestStall = TimeSpan.FromSeconds(2) } };

    static Task<StreamingWorld> StartAsync(Func<Message, CancellationToken, ValueTask<Message>> handler, GatewayOptions? options = null) =>
        StreamingWorld.StartAsync(handler, options);

    static ValueTask<Message> Head(int status, params KeyValuePair<string, string>[] headers) =>
        ValueTask.FromResult(new Message("", Payload.Of(new HttpResponseHead(status, headers), ContractsJson.Default.HttpResponseHead)));

    static async ValueTask<Message> Body(int status, Func<ByteStream, Task> write)
    {
        var stream = new ByteStream();
        _ = write(stream);
        return await Head(status) with { Body = stream };
    }
}
