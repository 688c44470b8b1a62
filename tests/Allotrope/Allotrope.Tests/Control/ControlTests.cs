using System.Net.Sockets;
using System.Text;
using Allotrope.Control;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Tests.Control;

/// <summary>Client and server over a real socket and a real bus.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    readonly InProcessLattice _lattice = new(TimeProvider.System);
    ControlServer _server = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    string Path => _folder["control.sock"];

    ControlClient Client => new(Path, _folder.Path);

    public ValueTask InitializeAsync()
    {
        _server = ControlServer.Start(_lattice, Path);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _lattice.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_request_reaches_the_bus_and_its_reply_comes_back()
    {
        await using var echo = await _lattice.ServeAsync("echo", (request, _) => ValueTask.FromResult(request), cancellation: Stop);
        var reply = await Client.RequestAsync(new Message("echo", Payload.Of("hello"u8.ToArray()), new Headers(KeyValuePair.Create("a", "b"))), cancellation: Stop);
        Assert.Equal("hello", Encoding.UTF8.GetString(reply.Payload.ToBytes().Span));
        Assert.Equal("b", reply.Headers?["a"]);
    }

    [Fact]
    public async Task A_fault_of_the_responder_is_the_clients_fault()
    {
        await using var no = await _lattice.ServeAsync("no", (_, _) => throw new FaultException(new Fault.Refused("not you")), cancellation: Stop);
        Assert.Equal(new Fault.Refused("not you"), await FaultOfAsync(() => Client.RequestAsync(new Message("no"), cancellation: Stop)));
    }

    [Fact]
    public async Task A_subject_that_nobody_serves_is_unreachable_at_once() =>
        Assert.IsType<Fault.Unreachable>(await FaultOfAsync(() => Client.RequestAsync(new Message("nobody"), cancellation: Stop)));

    [Fact]
    public async Task A_responder_that_takes_too_long_times_out()
    {
        var never = new TaskCompletionSource<Message>();
        await using var slow = await _lattice.ServeAsync("slow", (_, stop) => new(never.Task.WaitAsync(stop)), cancellation: Stop);
        Assert.IsType<Fault.TimedOut>(await FaultOfAsync(() => Client.RequestAsync(new Message("slow"), TimeSpan.FromMilliseconds(50), Stop)));
    }

    [Fact]
    public async Task A_subscription_delivers_what_is_published_after_it_is_live()
    {
        await using var messages = Client.SubscribeAsync("log.>", Stop).GetAsyncEnumerator(Stop);
        var next = messages.MoveNextAsync();
        // Live once the bus hands something over; until then publishing again is the way to know.
        while (!next.IsCompleted)
        {
            await _lattice.PublishAsync(new Message("log.a", Payload.Of("line"u8.ToArray())), Stop);
            await Task.Yield();
        }
        Assert.True(await next);
        Assert.Equal("log.a", messages.Current.Subject);
    }

    [Fact]
    public void Only_the_owner_may_open_the_socket() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_is_reached_through_a_link()
    {
        var deep = Directory.CreateDirectory(_folder[new string('d', 150)]).FullName;
        var path = System.IO.Path.Combine(deep, "control.sock");
        await using var echo = await _lattice.ServeAsync("echo", (request, _) => ValueTask.FromResult(request), cancellation: Stop);
        string target;
        await using (ControlServer.Start(_lattice, path))
        {
            target = new FileInfo(path).LinkTarget!;
            Assert.Equal("echo", (await new ControlClient(path, deep).RequestAsync(new Message("echo"), cancellation: Stop)).Subject);
        }
        Assert.False(File.Exists(path));
        Assert.False(Directory.Exists(System.IO.Path.GetDirectoryName(target)));
    }

    [Fact]
    public async Task A_folder_where_no_node_runs_is_unreachable()
    {
        var fault = await FaultOfAsync(() => new ControlClient(_folder["none.sock"], "/data").RequestAsync(new Message("echo"), cancellation: Stop));
        Assert.Contains("/data", Assert.IsType<Fault.Unreachable>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_sends_nonsense_is_told_so_and_others_are_served()
    {
        using (var socket = await ControlSocket.ConnectAsync(Path, Stop))
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(new byte[] { 3, 0, 0, 0, 99, 1, 2 }, Stop);
            Assert.IsType<Fault.Invalid>(Assert.IsType<Frame.Failure>(await FrameCodec.ReadAsync(stream, Stop)).Fault);
        }
        await A_request_reaches_the_bus_and_its_reply_comes_back();
    }

    [Fact]
    public async Task Stopping_ends_subscriptions_and_waits_for_nobody()
    {
        await using var messages = Client.SubscribeAsync("x", Stop).GetAsyncEnumerator(Stop);
        var next = messages.MoveNextAsync().AsTask();
        await A_request_reaches_the_bus_and_its_reply_comes_back();
        await _server.DisposeAsync();
        try
        {
            Assert.False(await next.WaitAsync(TimeSpan.FromSeconds(10), Stop));
        }
        catch (FaultException error)
        {
            Assert.IsType<Fault.Unreachable>(error.Fault); // stopped before the subscription was live
        }
        _server = ControlServer.Start(_lattice, Path);
    }

    static async Task<Fault> FaultOfAsync(Func<Task> action) => (await Assert.ThrowsAsync<FaultException>(action)).Fault;
}
