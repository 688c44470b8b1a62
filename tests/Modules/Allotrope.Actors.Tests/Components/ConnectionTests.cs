using System.Net;
using System.Net.Sockets;
using System.Text;
using Allotrope.Contracts;

namespace Allotrope.Actors.Tests.Components;

/// <summary>Where dial-c gets to.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    static readonly byte[] Dial = HttpExchange.Guest("dial-c/dial.wasm");

    readonly TcpListener _server = new(IPAddress.Loopback, 0);
    ActorNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _server.Start();
        _node = await ActorNode.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _server.Dispose();
    }

    int Port => ((IPEndPoint)_server.LocalEndpoint).Port;

    /// <summary>Answers one connection with what it says, in capitals.</summary>
    async Task AnswerAsync()
    {
        using var peer = await _server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(peer.GetStream());
        var said = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        await peer.GetStream().WriteAsync(Encoding.UTF8.GetBytes(said.ToUpperInvariant()), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task A_component_speaks_to_the_peers_that_its_blueprint_names(string name)
    {
        _node.Peers = [$"{name}:{Port}"];
        await _node.RunComponentAsync("dial", Dial);

        var answering = AnswerAsync();
        var (head, body) = await _node.SendAsync("dial", "POST", $"/{name}:{Port}", HttpExchange.Body("hello"u8.ToArray()));
        Assert.Equal((200, "HELLO"), (head.Status, Encoding.UTF8.GetString(await HttpExchange.ReadToEndAsync(body!))));
        await answering;
    }

    [Fact]
    public async Task And_to_no_others_as_its_log_says()
    {
        _node.Peers = ["localhost:1"];
        await _node.RunComponentAsync("dial", Dial);

        Assert.Equal((502, "error-code 01\n"), await _node.GetAsync("dial", $"/127.0.0.1:{Port}"));
        Assert.Equal((502, "error-code 01\n"), await _node.GetAsync("dial", $"/localhost:{Port}"));
        Assert.Equal((502, "error-code 01\n"), await _node.GetAsync("dial", "/example.org:80"));
        var denied = (await _node.LogsAsync("dial")).Select(line => line.Text).ToList();
        Assert.Contains($"A connection to 127.0.0.1:{Port} was denied: the component's `connect` in the blueprint does not name it.", denied);
        Assert.Contains("A connection to example.org was denied: the component's `connect` in the blueprint does not name it.", denied);
    }

    [Fact]
    public async Task A_peer_that_nobody_listens_at_is_an_error_for_the_guest()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)unused.LocalEndPoint!).Port;
        _node.Peers = [$"127.0.0.1:{port}"];
        await _node.RunComponentAsync("dial", Dial);

        Assert.Equal((502, "error-code 14\n"), await _node.GetAsync("dial", $"/127.0.0.1:{port}"));
    }

    [Fact]
    public async Task A_silent_peer_is_waited_for_beyond_the_calls_own_time()
    {
        _node.Peers = [$"127.0.0.1:{Port}"];
        await _node.RunComponentAsync("dial", Dial);
        Assert.Equal((502, "error-code 01\n"), await _node.GetAsync("dial", "/127.0.0.1:1")); // the first call has more time
        var (_, answer) = await _node.SendAsync("dial", "POST", $"/127.0.0.1:{Port}", HttpExchange.Body("hello"u8.ToArray()));
        using var peer = await _server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var said = new StreamReader(peer.GetStream());
        Assert.Equal("hello", await said.ReadToEndAsync(TestContext.Current.CancellationToken)); // what is not read makes closing a break
        await Task.Delay(2 * ComponentLimits.Default.CallTime, TestContext.Current.CancellationToken); // what it must outlive is time on the clock
        await peer.GetStream().WriteAsync("at last"u8.ToArray(), TestContext.Current.CancellationToken);
        peer.Close();

        Assert.Equal("at last", Encoding.UTF8.GetString(await HttpExchange.ReadToEndAsync(answer!)));
    }

    [Fact]
    public async Task But_not_beyond_the_time_that_somebody_reads_the_answer()
    {
        _node.Peers = [$"127.0.0.1:{Port}"];
        await _node.RunComponentAsync("dial", Dial);
        var (_, answer) = await _node.SendAsync("dial", "POST", $"/127.0.0.1:{Port}", HttpExchange.Body("hello"u8.ToArray()));
        using var peer = await _server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        answer!.Abandon();

        await HeLeavesAsync(peer);
        Assert.Equal((502, "error-code 01\n"), await _node.GetAsync("dial", "/127.0.0.1:1")); // its only instance is free again
    }

    /// <summary>The component's connection ends, which is how its peer sees that nobody waits any more.</summary>
    static async Task HeLeavesAsync(TcpClient peer)
    {
        using var reader = new StreamReader(peer.GetStream());
        try
        {
            await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(ActorNode.Patience, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // as much an end
        }
    }

    [Fact]
    public async Task A_component_without_peers_cannot_even_make_a_socket_as_its_log_says()
    {
        await _node.RunComponentAsync("dial", Dial);

        Assert.Equal((502, "error-code 01\n"), await _node.GetAsync("dial", $"/127.0.0.1:{Port}"));
        var denied = (await _node.LogsAsync("dial")).Select(line => line.Text);
        Assert.Contains(denied, line => line.StartsWith("A socket was denied: the component has no `connect` in the blueprint", StringComparison.Ordinal));
    }
}
