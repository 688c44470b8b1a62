using Allotrope.Components;
using Allotrope.Conformance;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Names;
using Allotrope.Wasi.Io;
using Microsoft.AspNetCore.Http;
using ErrorCode = Allotrope.Wasi.Http.ErrorCode;

namespace Allotrope.Wasi.Tests.Http.Requests;

/// <summary>How requests end before they are answered: by time, by the guest, by their number.</summary>
public sealed class RequestEndTests
{
    const ulong Second = 1_000_000_000;

    readonly ManualTime _time = new();
    readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_peer_that_does_not_answer_is_given_up_after_the_time_that_the_guest_says()
    {
        await using var peer = await Peer.StartAsync(WaitAsync);
        using var guest = Guest(peer.Authority);
        using var future = guest.Handle(guest.New("GET", $"http://{peer.Authority}/"), options => options.SetFirstByteTimeout(5 * Second)).Value;
        await _came.Task;
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Null(future.Get());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<ErrorCode.HttpResponseTimeout>((await Requests.Guest.ResultAsync(future)).Error);
        await _left.Task;
    }

    [Fact]
    public async Task A_peer_that_never_finishes_the_handshake_is_no_connection()
    {
        await using var peer = new RawPeer(async stream =>
        {
            _came.SetResult();
            await stream.CopyToAsync(Stream.Null);
        });
        using var guest = Guest(peer.Authority);
        using var future = guest.Handle(guest.New("GET", $"https://{peer.Authority}/"), options => options.SetConnectTimeout(5 * Second)).Value;
        await _came.Task;
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.IsType<ErrorCode.ConnectionTimeout>((await Requests.Guest.ResultAsync(future)).Error);
    }

    [Fact]
    public async Task A_peer_that_stops_in_the_middle_of_a_body_is_given_up()
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("part");
            await context.Response.Body.FlushAsync();
            await WaitAsync(context);
        });
        using var guest = Guest(peer.Authority);
        using var response = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/"), options => options.SetBetweenBytesTimeout(5 * Second));
        using var body = response.Consume().Value;
        using var stream = body.Stream().Value;
        Assert.Equal("part"u8.ToArray(), (await stream.BlockingRead(100)).Value.ToArray());
        _time.Advance(TimeSpan.FromSeconds(60)); // while the guest does not read, which is its own time
        var reading = stream.BlockingRead(100).AsTask();
        _time.Advance(TimeSpan.FromSeconds(6));
        var failed = Assert.IsType<StreamError.LastOperationFailed>((await reading.WaitAsync(Requests.Guest.Patience, TestContext.Current.CancellationToken)).Error);
        Assert.IsType<ErrorCode.ConnectionReadTimeout>(guest.Types.HttpErrorCode(failed.Value));
        await _left.Task;
    }

    [Fact]
    public async Task The_time_in_which_the_guest_writes_does_not_count()
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            await context.Request.Body.ReadExactlyAsync(new byte[1]);
            _came.SetResult();
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("all");
        });
        using var guest = Guest(peer.Authority);
        var request = guest.New("POST", $"http://{peer.Authority}/");
        using var body = request.Body().Value;
        using var future = guest.Handle(request, options => options.SetFirstByteTimeout(5 * Second)).Value;
        using (var stream = body.Write().Value)
        {
            await Requests.Guest.WriteAsync(stream, "a"u8.ToArray());
            await _came.Task;
            while (_time.Pending > 0) // the client has yet to see that what it wrote is written
                await Task.Delay(1, TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromSeconds(60));
            await Requests.Guest.WriteAsync(stream, "b"u8.ToArray());
        }

        Assert.True(guest.Types.OutgoingBodyFinish(body, null).IsOk);
        using var response = (await Requests.Guest.ResultAsync(future)).Value;
        Assert.Equal("all", await guest.TextAsync(response));
    }

    [Fact]
    public async Task A_guest_that_waits_for_the_response_of_a_body_it_never_ends_is_told()
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            await context.Request.Body.ReadExactlyAsync(new byte[1]);
            _came.SetResult();
            await WaitAsync(context);
        });
        using var guest = Guest(peer.Authority);
        var request = guest.New("POST", $"http://{peer.Authority}/");
        using var body = request.Body().Value;
        using var future = guest.Handle(request, options => options.SetFirstByteTimeout(5 * Second)).Value;
        using var stream = body.Write().Value;
        await Requests.Guest.WriteAsync(stream, "a"u8.ToArray());
        await _came.Task;
        while (_time.Pending > 0) // the client has yet to see that what it wrote is written
            await Task.Delay(1, TestContext.Current.CancellationToken);
        var waiting = Requests.Guest.ResultAsync(future);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<ErrorCode.HttpResponseTimeout>((await waiting).Error);
    }

    [Fact]
    public async Task The_time_after_a_wait_for_the_response_does_not_count()
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            await context.Request.Body.ReadExactlyAsync(new byte[1]);
            _came.SetResult();
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("all");
        });
        using var guest = Guest(peer.Authority);
        var request = guest.New("POST", $"http://{peer.Authority}/");
        using var body = request.Body().Value;
        using var future = guest.Handle(request, options => options.SetFirstByteTimeout(5 * Second)).Value;
        using (var stream = body.Write().Value)
        {
            await Requests.Guest.WriteAsync(stream, "a"u8.ToArray());
            await _came.Task;
            while (_time.Pending > 0)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            var clock = new Wasi.Clocks.MonotonicClock(_time).SubscribeDuration(2 * Second);
            var poll = new Polling(10).Poll([future.Subscribe(), clock]).AsTask();
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(new[] { 1u }, await poll); // the clock, when it should
            _time.Advance(TimeSpan.FromSeconds(60));
            await Requests.Guest.WriteAsync(stream, "b"u8.ToArray());
        }

        Assert.True(guest.Types.OutgoingBodyFinish(body, null).IsOk);
        using var response = (await Requests.Guest.ResultAsync(future)).Value;
        Assert.Equal("all", await guest.TextAsync(response));
    }

    [Theory]
    [InlineData("future")]
    [InlineData("response")]
    [InlineData("body")]
    [InlineData("instance")]
    public async Task What_the_guest_drops_is_called_off_at_the_peer(string what)
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            if (what != "future")
            {
                await context.Response.WriteAsync("part");
                await context.Response.Body.FlushAsync();
            }

            await WaitAsync(context);
        });
        using var guest = new Guest(peer.Authority);
        var future = guest.Handle(guest.New("GET", $"http://{peer.Authority}/")).Value;
        await _came.Task;
        if (what == "future")
        {
            future.Dispose();
        }
        else
        {
            var response = (await Requests.Guest.ResultAsync(future)).Value;
            if (what == "response")
                response.Dispose();
            else if (what == "body")
                response.Consume().Value.Dispose();
            else
                guest.Dispose();
        }

        await _left.Task.WaitAsync(Requests.Guest.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, guest.Requests.UnderWay);
    }

    [Fact]
    public async Task An_instance_has_so_many_requests_at_once_and_those_that_are_over_do_not_count()
    {
        await using var peer = await Peer.StartAsync(context => context.Response.WriteAsync("ok"));
        using var connections = new HttpConnections(HttpHosts.Of([peer.Authority]), TimeProvider.System, new HttpRequestLimits { UnderWay = 2 });
        using var guest = new Guest(connections);
        for (var time = 0; time < 5; time++)
            using (var response = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/")))
                await guest.TextAsync(response);
        using var one = guest.Handle(guest.New("GET", $"http://{peer.Authority}/")).Value;
        using var two = guest.Handle(guest.New("GET", $"http://{peer.Authority}/")).Value;
        Assert.IsType<ErrorCode.ConnectionLimitReached>(await guest.ErrorAsync(guest.New("GET", $"http://{peer.Authority}/")));
    }

    [Fact]
    public async Task All_instances_together_have_so_many_connections()
    {
        await using var peer = await Peer.StartAsync(WaitAsync);
        using var connections = new HttpConnections(HttpHosts.Of([peer.Authority]), TimeProvider.System, new HttpRequestLimits { Connections = 1 });
        using var guest = new Guest(connections);
        using var other = new Guest(connections);
        using var one = guest.Handle(guest.New("GET", $"http://{peer.Authority}/")).Value;
        await _came.Task;
        Assert.IsType<ErrorCode.ConnectionLimitReached>(await other.ErrorAsync(other.New("GET", $"http://{peer.Authority}/")));
        Assert.Equal(1, connections.Open);
    }

    [Fact]
    public async Task Headers_of_responses_that_a_guest_keeps_are_its_own_to_pay_for()
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.Headers["x"] = new string('x', 30_000);
            return Task.CompletedTask;
        });
        using var guest = new Guest(peer.Authority);
        await Assert.ThrowsAsync<ComponentTrap>(async () =>
        {
            for (var time = 0; time < 1000; time++)
            {
                var kept = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/"));
                kept.Consume().Value.Dispose();
            }
        });
    }

    [Fact]
    public async Task Trailers_that_are_dropped_call_off_the_body_before_them()
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("part");
            await context.Response.Body.FlushAsync();
            await WaitAsync(context);
        });
        using var guest = new Guest(peer.Authority);
        using var response = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/"));
        guest.Types.IncomingBodyFinish(response.Consume().Value).Dispose();

        await _left.Task.WaitAsync(Requests.Guest.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, guest.Requests.UnderWay);
    }

    [Fact]
    public async Task A_body_that_breaks_off_before_its_trailers_is_over()
    {
        await using var peer = new RawPeer(async stream =>
        {
            await RawPeer.HeadAsync(stream);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!"u8.ToArray());
        });
        using var guest = new Guest(peer.Authority);
        using var response = await guest.AnswerAsync(guest.New("GET", $"http://{peer.Authority}/"));
        using var trailers = guest.Types.IncomingBodyFinish(response.Consume().Value);
        await trailers.Subscribe().Block().AsTask().WaitAsync(Requests.Guest.Patience, TestContext.Current.CancellationToken);

        Assert.False(trailers.Get()!.Value.Value.IsOk);
        Assert.Equal(0, guest.Requests.UnderWay);
    }

    [Fact]
    public async Task Lookups_that_were_given_up_count_until_they_are_over()
    {
        var (began, over) = (new SemaphoreSlim(0), new TaskCompletionSource<System.Net.IPAddress[]>());
        using var connections = new HttpConnections(HttpHosts.Of(["*.example.org"]), _time)
        {
            Names = new()
            {
                Resolve = _ =>
                {
                    began.Release();
                    return over.Task;
                },
            },
        };
        using var guest = new Guest(connections);
        for (var lookup = 0; lookup < NameLookups.Most; lookup++)
        {
            using var dropped = guest.Handle(guest.New("GET", $"http://h{lookup}.example.org/")).Value;
            Assert.True(await began.WaitAsync(Requests.Guest.Patience, TestContext.Current.CancellationToken));
        }

        using var future = guest.Handle(guest.New("GET", "http://another.example.org/"), options => options.SetConnectTimeout(5 * Second)).Value;
        while (_time.Pending == 0)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.False((await Requests.Guest.ResultAsync(future)).IsOk);
        Assert.Equal(0, began.CurrentCount);
        over.SetResult([]);
    }

    Guest Guest(string host) => new(new HttpConnections(HttpHosts.Of([host]), _time));

    async Task WaitAsync(HttpContext context)
    {
        await using var gone = context.RequestAborted.Register(() => _left.TrySetResult());
        _came.TrySetResult();
        await _left.Task;
    }
}
