using System.Net;
using System.Net.Sockets;
using System.Text;
using Allotrope.Commands;

namespace Allotrope.Tests.Commands;

/// <summary>What <c>allot run</c> grants of the network, with a guest that sends a text to a peer.</summary>
public sealed class RunNetworkTests : IDisposable
{
    readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RunNetworkTests()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _server.Listen();
    }

    public void Dispose() => _server.Dispose();

    string Server => _server.LocalEndPoint!.ToString()!;

    static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var code = await AllotCommand.RunAsync(["run", .. arguments], output, error, TestContext.Current.CancellationToken);
        return (code, error.ToString().Trim());
    }

    /// <summary>What one client says until it has said all.</summary>
    async Task<string> HearAsync()
    {
        using var client = await _server.AcceptAsync(TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(client);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    static string Form(string option) => option switch
    {
        "--connect" => "peer: expected NAME:PORT",
        "--listen" => "address: expected ADDRESS:PORT",
        _ => "host: expected [http://",
    };

    [Fact]
    public async Task A_guest_speaks_to_the_peer_it_is_given()
    {
        var heard = HearAsync();

        Assert.Equal((0, ""), await RunAsync("--connect", Server, RunCommandTests.Guest("talk-c", "talk.wasm"), Server, "hello"));
        Assert.Equal("hello", await heard);
    }

    [Fact]
    public async Task A_guest_that_failed_is_told_of_with_what_it_was_denied()
    {
        var (code, error) = await RunAsync("--connect", "127.0.0.1:1", RunCommandTests.Guest("talk-c", "talk.wasm"), Server, "hello");

        Assert.Equal((1, $"allot: warning: the guest was denied {Server}; --connect {Server} grants it"), (code, error));
        Assert.False(_server.Poll(0, SelectMode.SelectRead), "it connected");
    }

    [Fact]
    public async Task A_name_is_not_looked_up_for_a_guest_that_may_not_connect_to_it() => Assert.Equal(
        (1, "allot: warning: the guest was denied db.example.org; --connect db.example.org:PORT grants it"),
        await RunAsync("--connect", "*.example.com:5432", RunCommandTests.Guest("talk-c", "talk.wasm"), "db.example.org:5432", "hello"));

    [Fact]
    public async Task A_guest_listens_nowhere_unless_it_is_said() => Assert.Equal(
        (1, "allot: warning: the guest was denied listening at 127.0.0.1:0; --listen 127.0.0.1:0 grants it"),
        await RunAsync("--listen", "127.0.0.1:1", RunCommandTests.Guest("talk-c", "talk.wasm"), "listen", "127.0.0.1:0"));

    [Theory]
    [InlineData("0.0.0.0:9000")]
    [InlineData("192.0.2.1:9000")]
    [InlineData("[::]:9000")]
    public async Task Where_others_can_reach_it_a_guest_does_not_listen_unless_that_is_said_too(string address)
    {
        var (code, error) = await RunAsync("--listen", address, RunCommandTests.Guest("talk-c", "talk.wasm"), "listen", "127.0.0.1:0");
        Assert.Equal(4, code);
        Assert.StartsWith($"allot: --listen {address} can be reached by others", error, StringComparison.Ordinal);

        Assert.Equal(1, (await RunAsync("--listen", address, "--insecure", RunCommandTests.Guest("talk-c", "talk.wasm"), "listen", "127.0.0.1:0")).Code);
    }

    [Theory]
    [InlineData("--listen", "127.0.0.1")]
    [InlineData("--listen", "localhost:9000")]
    [InlineData("--listen", "::1")]
    [InlineData("--listen", ":9000")]
    [InlineData("--listen", "127.0.0.1:70000")]
    [InlineData("--connect", "db.example.org")]
    [InlineData("--connect", "tcp://db.example.org:5432")]
    [InlineData("--connect", "db.example.org:0")]
    [InlineData("--connect", "10.5:5432")]
    [InlineData("--connect", "fd00::5")]
    [InlineData("--allow-host", "ftp://example.org")]
    public async Task What_is_no_place_is_refused_with_what_one_looks_like(string option, string value)
    {
        var (code, error) = await RunAsync(option, value, RunCommandTests.Guest("talk-c", "talk.wasm"), Server, "hello");

        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith($"allot: {option} {value} is no {Form(option)}", error, StringComparison.Ordinal);
    }
}
