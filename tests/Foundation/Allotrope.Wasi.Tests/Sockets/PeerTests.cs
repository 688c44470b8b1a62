using System.Net;
using System.Net.Sockets;
using Allotrope.Kernel;
using Allotrope.Wasi.Names;
using Allotrope.Wasi.Sockets;

namespace Allotrope.Wasi.Tests.Sockets;

/// <summary>What a guest may connect to that was granted peers by name.</summary>
public sealed class PeerTests : IDisposable
{
    readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly List<NetworkDenial> _denied = [];
    WasiState? _state;

    public PeerTests()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _server.Listen();
    }

    public void Dispose()
    {
        _state?.Dispose();
        _server.Dispose();
    }

    ushort Port => (ushort)((IPEndPoint)_server.LocalEndPoint!).Port;

    /// <param name="addresses">What every name stands for.</param>
    /// <param name="peers">What is granted.</param>
    SocketsHost Guest(string[] addresses, params string[] peers)
    {
        _state = new WasiState
        {
            Network = new() { Peers = [.. peers.Select(peer => TcpPeer.TryParse(peer) ?? throw new FormatException(peer))] },
            Names = new() { Resolve = _ => Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]) },
            NetworkDenied = _denied.Add,
        };
        return _state.SocketsHost;
    }

    static ErrorCode? Connect(SocketsHost guest, string address, ushort port)
    {
        var end = new IPEndPoint(IPAddress.Parse(address), port);
        using var socket = guest.CreateTcpSocket(end.AddressFamily == AddressFamily.InterNetwork ? IpAddressFamily.Ipv4 : IpAddressFamily.Ipv6).Value;
        var begun = socket.StartConnect(guest.InstanceNetwork(), Addresses.FromEndPoint(end));
        return begun.IsOk ? null : begun.Error;
    }

    static async Task<List<IPAddress>> AskAsync(SocketsHost guest, string name)
    {
        using var stream = guest.ResolveAddresses(guest.InstanceNetwork(), name).Value;
        await stream.Subscribe().Block();
        var told = new List<IPAddress>();
        while (stream.ResolveNextAddress().Value is { } address)
            told.Add(address is IpAddress.Ipv4 { Value: var (a, b, c, d) } ? new([a, b, c, d]) : IPAddress.IPv6Loopback);
        return told;
    }

    [Fact]
    public async Task An_address_that_is_granted_is_connected_to()
    {
        var guest = Guest([], $"127.0.0.1:{Port}");
        using var socket = guest.CreateTcpSocket(IpAddressFamily.Ipv4).Value;
        Assert.True(socket.StartConnect(guest.InstanceNetwork(), Addresses.FromEndPoint((IPEndPoint)_server.LocalEndPoint!)).IsOk);
        await socket.Subscribe().Block();

        Assert.True(socket.FinishConnect().IsOk);
    }

    [Fact]
    public void Nothing_else_is_and_who_granted_it_is_told()
    {
        var guest = Guest([], "127.0.0.1:9");

        Assert.Equal(ErrorCode.AccessDenied, Connect(guest, "127.0.0.1", 10));
        Assert.Equal(ErrorCode.AccessDenied, Connect(guest, "127.0.0.2", 9));
        Assert.Equal(ErrorCode.AccessDenied, Connect(guest, "::1", 9));
        Assert.Equal(ErrorCode.AccessDenied, guest.ResolveAddresses(guest.InstanceNetwork(), "example.org").Error);
        Assert.Equal(["127.0.0.1:10", "127.0.0.2:9", "[::1]:9", "example.org"], _denied.Select(denial => denial.Target));
    }

    [Fact]
    public async Task A_name_is_connected_to_once_it_was_asked_for_and_at_its_port_only()
    {
        var guest = Guest(["8.8.8.8"], "*.example.org:5432");
        Assert.Equal(ErrorCode.AccessDenied, Connect(guest, "8.8.8.8", 5432));

        Assert.Equal([IPAddress.Parse("8.8.8.8")], await AskAsync(guest, "db.example.org"));

        Assert.Null(Connect(guest, "8.8.8.8", 5432));
        Assert.Equal(ErrorCode.AccessDenied, Connect(guest, "8.8.8.8", 22));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.5")]
    [InlineData("169.254.169.254")]
    [InlineData("192.168.1.1")]
    public async Task A_name_that_stands_for_an_address_around_here_does_not_open_it(string address)
    {
        var guest = Guest([address], "db.example.org:5432");
        await AskAsync(guest, "db.example.org");

        Assert.Equal(ErrorCode.AccessDenied, Connect(guest, address, 5432));
        Assert.Equal([new($"{address}:5432", "db.example.org")], _denied);
    }

    [Fact]
    public async Task Names_that_nobody_wants_any_more_are_not_asked_for()
    {
        var asked = 0;
        var answer = new TaskCompletionSource<IPAddress[]>();
        using var state = new WasiState
        {
            Network = NetworkRules.Of(["*:443"]),
            Names = new()
            {
                Resolve = _ =>
                {
                    Interlocked.Increment(ref asked);
                    return answer.Task;
                },
            },
        };
        var guest = state.SocketsHost;
        for (var i = 0; i < 1000; i++)
            guest.ResolveAddresses(guest.InstanceNetwork(), $"n{i}.example.org").Value.Dispose();
        using var last = guest.ResolveAddresses(guest.InstanceNetwork(), "last.example.org").Value;
        answer.SetResult([IPAddress.Parse("8.8.8.8")]);
        await last.Subscribe().Block();

        Assert.NotNull(last.ResolveNextAddress().Value);
        Assert.Equal(NameLookups.Most + 1, asked);
    }

    [Fact]
    public void A_guest_that_may_have_no_sockets_is_denied_them_and_who_could_grant_them_is_told()
    {
        using var state = new WasiState { Limits = new() { Sockets = 0 }, NetworkDenied = _denied.Add };
        var guest = state.SocketsHost;

        Assert.Equal(ErrorCode.AccessDenied, guest.CreateTcpSocket(IpAddressFamily.Ipv4).Error);
        Assert.Equal(ErrorCode.AccessDenied, guest.ResolveAddresses(guest.InstanceNetwork(), "example.org").Error);
        Assert.Equal([new(null), new(null)], _denied);
    }

    [Fact]
    public void Addresses_that_are_asked_for_like_names_count_too()
    {
        var guest = Guest([]);
        var most = new WasiLimits().Sockets;
        for (var i = 0; i < most; i++)
            Assert.True(guest.ResolveAddresses(guest.InstanceNetwork(), "8.8.8.8").IsOk);

        Assert.Equal(ErrorCode.NewSocketLimit, guest.ResolveAddresses(guest.InstanceNetwork(), "8.8.8.8").Error);
    }

    [Fact]
    public async Task Unless_the_address_is_granted_too()
    {
        var guest = Guest(["127.0.0.1"], "db.example.org:9", "127.0.0.1:9");
        await AskAsync(guest, "db.example.org");

        Assert.Null(Connect(guest, "127.0.0.1", 9));
    }

    [Fact]
    public async Task Localhost_is_this_machine_whoever_is_asked()
    {
        var guest = Guest(["8.8.8.8"], $"localhost:{Port}");

        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], await AskAsync(guest, "LocalHost"));
        Assert.Null(Connect(guest, "127.0.0.1", Port));
        Assert.Equal(ErrorCode.AccessDenied, Connect(guest, "8.8.8.8", Port));
    }

    [Fact]
    public void A_guest_that_was_granted_peers_neither_listens_nor_sends_datagrams()
    {
        var guest = Guest([], "127.0.0.1:9");
        var any = Addresses.FromEndPoint(new IPEndPoint(IPAddress.Loopback, 0));
        using var tcp = guest.CreateTcpSocket(IpAddressFamily.Ipv4).Value;
        using var udp = guest.CreateUdpSocket(IpAddressFamily.Ipv4).Value;

        Assert.Equal(ErrorCode.AccessDenied, tcp.StartBind(guest.InstanceNetwork(), any).Error);
        Assert.Equal(ErrorCode.AccessDenied, udp.StartBind(guest.InstanceNetwork(), any).Error);
    }
}
