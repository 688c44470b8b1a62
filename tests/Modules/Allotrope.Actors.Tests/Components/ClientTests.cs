using System.Net.Sockets;
using Allotrope.Contracts;
using Allotrope.Gateway;
using Allotrope.Gateway.Tests;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.Components;

/// <summary>What clients of a real gateway do to a component, and how its log names it.</summary>
[Collection(nameof(Components))]
public sealed class ClientTests : IAsyncLifetime
{
    /// <summary>Waits for no client longer than two seconds.</summary>
    static readonly GatewayLimits Impatient = new() { SlowestClient = 64 * 1024, SlowClientGrace = TimeSpan.FromSeconds(2), LongestStall = TimeSpan.FromSeconds(2) };

    ActorNode _node = null!;
    HttpGateway _gateway = null!;
    Uri _address = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        _gateway = await HttpGateway.StartAsync(_node.Lattice, _node.Name, new GatewayOptions { DefaultPort = 0, Limits = Impatient }, TimeProvider.System);
        await _node.RunComponentAsync("streams", HttpExchange.Guest("streams-c/streams.wasm"));
        _address = await RouteAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_takes_too_little_is_cut_off_and_named()
    {
        using var client = await ConnectAsync();
        await client.SendAsync("GET /zeros/100000000000 HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadAsync(10_000_000); // fast at first
        await _node.LogHasAsync("streams", "GET /zeros/100000000000 was not answered to its end: the client took less than 65536 bytes a second and was cut off.");
        await IsFreeAsync();
    }

    [Fact]
    public async Task A_client_that_sends_too_little_is_cut_off_and_named()
    {
        using var client = await ConnectAsync();
        await client.SendAsync("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nfirst");
        await client.ReadUntilAsync("first");
        await _node.LogHasAsync("streams", "POST /echo was answered without the rest of its body: the client sent less than 65536 bytes a second and was cut off.");
        await IsFreeAsync();
    }

    [Theory]
    [InlineData("GET /zeros/100000000000 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /zeros/100000000000")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n", "POST /echo")]
    public async Task A_client_that_leaves_in_the_middle_of_a_body_is_named(string request, string what)
    {
        using var client = await ConnectAsync();
        await client.SendAsync(request);
        await client.ReadUntilAsync("\r\n\r\n");
        client.Reset();
        await _node.LogHasAsync("streams", $"{what} was not answered to its end: the client left.");
        await IsFreeAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_before_it_is_answered_is_named()
    {
        using var client = await ConnectAsync();
        await client.SendAsync("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
        await client.SendAsync(new string('x', 32_000_000)); // more than sockets hold: the guest reads
        client.Reset();
        await _node.LogHasAsync("streams", "POST /count was not answered to its end: the client left.");
        await IsFreeAsync();
    }

    [Fact]
    public async Task A_trap_in_the_middle_of_an_answer_ends_it_short_and_is_named()
    {
        using var client = await ConnectAsync();
        await client.SendAsync("GET /trap/200000 HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = "";
        try
        {
            answer = await client.ReadToEndAsync();
        }
        catch (IOException)
        {
            // a reset is as good a way to say that this is not all
        }
        Assert.DoesNotContain("\r\n0\r\n\r\n", answer, StringComparison.Ordinal); // the end of a body in chunks
        await _node.LogHasAsync("streams", "GET /trap/200000 trapped");
        await IsFreeAsync();
    }

    [Fact]
    public async Task A_component_that_is_stopped_is_no_client_that_left()
    {
        using var client = await ConnectAsync();
        await client.SendAsync("GET /zeros/100000000000 HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadUntilAsync("\r\n\r\n");
        var log = await _node.Lattice.SubscribeAsync(Subjects.Log("streams"));
        var reading = client.ReadAsync(long.MaxValue);
        await _node.StopAsync("streams");
        await foreach (var line in log.ReadAllAsync(TestContext.Current.CancellationToken))
            if (line.Payload.As(ContractsJson.Default.LogLine).Text.Contains("was not answered to its end: the component was stopped", StringComparison.Ordinal))
                break;
        await Assert.ThrowsAnyAsync<Exception>(() => reading);
    }

    async Task<RawConnection> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_address.Host, _address.Port);
        return new RawConnection(socket);
    }

    /// <summary>The component's only instance answers.</summary>
    async Task IsFreeAsync()
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(_address, "/count"), TestContext.Current.CancellationToken);
        Assert.Equal("0", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    async Task<Uri> RouteAsync()
    {
        var server = new Assignment(
            _node.Name, "http", "app", "http", 1, ComponentKind.Capability, HttpContract.Image, HttpContract.Id, "default", 1, ComponentLimits.Default,
            new Dictionary<string, string>(), [], [new IncomingLink("streams", "default", new Dictionary<string, string>()) { Kind = ComponentKind.Component }]);
        var status = await _node.Lattice.OpenBucketAsync(new BucketOptions(Buckets.Status));
        await using var watch = await status.WatchAsync($"{_node.Name}.http");
        await (await _node.Lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments)))
            .PutAsync($"{_node.Name}.http", Payload.Of(server, ContractsJson.Default.Assignment).ToBytes());
        await foreach (var change in watch.ReadAllAsync(TestContext.Current.CancellationToken))
            if (change is WatchEvent.Put { Entry: var entry } && Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus) is { State: WorkloadState.Running } running)
                return new Uri(running.Urls[0]);
        throw new InvalidOperationException("the watch ended");
    }
}
