using System.Net;
using System.Text;
using Allotrope.Kernel;
using Allotrope.Wasi.Io;
using Allotrope.Wasi.Sockets;

namespace Allotrope.Wasi.Tests.Sockets;

public sealed class SocketTests : IDisposable
{
    static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");

    static readonly NetworkRules OnLoopback = new()
    {
        Rules = [.. Enum.GetValues<NetworkUse>().Select(use => new NetworkRule(use, Loopback, 0, ushort.MaxValue))],
        Peers = [TcpPeer.TryParse("localhost:1")!, TcpPeer.TryParse("*.example:1")!],
    };

    static readonly IpSocketAddress AnyPort = new IpSocketAddress.Ipv4(new(0, (127, 0, 0, 1)));

    readonly WasiState _state = new() { Network = OnLoopback, Limits = new() { Sockets = 8 } };
    readonly SocketsHost _host;
    readonly INetwork _network;

    public SocketTests() => (_host, _network) = (_state.SocketsHost, _state.SocketsHost.InstanceNetwork());

    public void Dispose() => _state.Dispose();

    ITcpSocket Tcp() => _host.CreateTcpSocket(IpAddressFamily.Ipv4).Value;

    ITcpSocket Listening()
    {
        var socket = Tcp();
        Assert.True(socket.StartBind(_network, AnyPort).IsOk);
        Assert.True(socket.FinishBind().IsOk);
        Assert.True(socket.StartListen().IsOk);
        Assert.True(socket.FinishListen().IsOk);
        return socket;
    }

    [Fact]
    public async Task Two_sockets_talk_to_each_other()
    {
        using ITcpSocket listener = Listening(), client = Tcp();
        Assert.Equal(ErrorCode.WouldBlock, listener.Accept().Error);
        Assert.True(client.StartConnect(_network, listener.LocalAddress().Value).IsOk);
        await client.Subscribe().Block();
        var (fromServer, toServer) = client.FinishConnect().Value;
        await listener.Subscribe().Block();
        var (server, fromClient, toClient) = listener.Accept().Value;

        Assert.True((await toServer.BlockingWriteAndFlush("ping"u8.ToArray())).IsOk);
        Assert.Equal("ping", Encoding.UTF8.GetString((await fromClient.BlockingRead(100)).Value.Span));
        Assert.True((await toClient.BlockingWriteAndFlush("pong"u8.ToArray())).IsOk);
        Assert.Equal("pong", Encoding.UTF8.GetString((await fromServer.BlockingRead(100)).Value.Span));
        Assert.Equal(client.LocalAddress().Value, server.RemoteAddress().Value);
        Assert.True(server.Shutdown(ShutdownType.Send).IsOk);
        Assert.IsType<StreamError.Closed>((await fromServer.BlockingRead(100)).Error);
    }

    [Fact]
    public void What_was_begun_must_be_finished_and_nothing_else()
    {
        using var socket = Tcp();

        Assert.Equal(ErrorCode.NotInProgress, socket.FinishBind().Error);
        Assert.Equal(ErrorCode.NotInProgress, socket.FinishConnect().Error);
        Assert.Equal(ErrorCode.NotInProgress, socket.FinishListen().Error);
        Assert.Equal(ErrorCode.InvalidState, socket.StartListen().Error);
        Assert.Equal(ErrorCode.InvalidState, socket.Accept().Error);
        Assert.Equal(ErrorCode.InvalidState, socket.LocalAddress().Error);
        Assert.Equal(ErrorCode.InvalidState, socket.RemoteAddress().Error);
        Assert.True(socket.StartBind(_network, AnyPort).IsOk);
        Assert.Equal(ErrorCode.InvalidState, socket.StartBind(_network, AnyPort).Error);
        Assert.True(socket.FinishBind().IsOk);
        Assert.False(socket.IsListening());
    }

    [Fact]
    public async Task A_connection_that_nobody_takes_is_refused()
    {
        IpSocketAddress nobody;
        using (var listener = Listening())
            nobody = listener.LocalAddress().Value;
        using var socket = Tcp();
        Assert.True(socket.StartConnect(_network, nobody).IsOk);
        await socket.Subscribe().Block();

        Assert.Equal(ErrorCode.ConnectionRefused, socket.FinishConnect().Error);
    }

    [Fact]
    public void Addresses_that_are_not_granted_are_denied()
    {
        using WasiState nothing = new();
        using var socket = nothing.SocketsHost.CreateTcpSocket(IpAddressFamily.Ipv4).Value;
        var six = _host.CreateTcpSocket(IpAddressFamily.Ipv6).Value;
        IpSocketAddress loopback = new IpSocketAddress.Ipv4(new(80, (127, 0, 0, 1))), elsewhere = new IpSocketAddress.Ipv4(new(80, (192, 0, 2, 1)));
        IpSocketAddress mapped = new IpSocketAddress.Ipv6(new(80, 0, (0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201), 0));

        Assert.Equal(ErrorCode.AccessDenied, socket.StartConnect(_network, loopback).Error);
        Assert.Equal(ErrorCode.AccessDenied, socket.StartBind(_network, loopback).Error);
        Assert.Equal(ErrorCode.AccessDenied, Tcp().StartConnect(_network, elsewhere).Error);
        Assert.Equal(ErrorCode.InvalidArgument, six.StartConnect(_network, mapped).Error);
        Assert.Equal(ErrorCode.InvalidArgument, six.StartConnect(_network, loopback).Error);
        Assert.False(new NetworkRules { Rules = [new(NetworkUse.Connect, IPNetwork.Parse("::/0"), 0, 65_535)] }
            .Allows(NetworkUse.Connect, new(IPAddress.Parse("::ffff:127.0.0.1"), 1)));
    }

    [Fact]
    public void No_more_sockets_are_open_than_the_limit_says_and_none_after_the_end()
    {
        var sockets = Enumerable.Range(0, 8).Select(_ => Tcp()).ToList();

        Assert.Equal(ErrorCode.NewSocketLimit, _host.CreateTcpSocket(IpAddressFamily.Ipv4).Error);
        Assert.Equal(ErrorCode.NewSocketLimit, _host.CreateUdpSocket(IpAddressFamily.Ipv4).Error);
        sockets[0].Dispose();
        Assert.True(_host.CreateUdpSocket(IpAddressFamily.Ipv4).IsOk);
        _state.Dispose();
        Assert.Equal(0, _state.OpenSockets);
    }

    [Fact]
    public async Task Datagrams_arrive()
    {
        using IUdpSocket one = Udp(), other = Udp();
        var (_, sending) = one.Stream(other.LocalAddress().Value).Value;
        var (receiving, _) = other.Stream(null).Value;
        Assert.Empty(receiving.Receive(10).Value);

        Assert.True(sending.CheckSend().Value > 0);
        Assert.Equal(1ul, sending.Send([new("hello"u8.ToArray(), null)]).Value);
        await receiving.Subscribe().Block();

        var datagram = Assert.Single(receiving.Receive(10).Value);
        Assert.Equal("hello", Encoding.UTF8.GetString(datagram.Data.Span));
        Assert.Equal(one.LocalAddress().Value, datagram.RemoteAddress);
        Assert.Equal(ErrorCode.InvalidArgument, sending.Send([new(ReadOnlyMemory<byte>.Empty, AnyPort)]).Error);
    }

    [Fact]
    public async Task An_empty_datagram_is_a_datagram_and_keeps_none_back()
    {
        using IUdpSocket one = Udp(), other = Udp();
        var (_, sending) = one.Stream(other.LocalAddress().Value).Value;
        var (receiving, _) = other.Stream(null).Value;

        Assert.True(sending.CheckSend().Value > 0);
        Assert.Equal(2ul, sending.Send([new(ReadOnlyMemory<byte>.Empty, null), new("behind"u8.ToArray(), null)]).Value);
        var received = new List<string>();
        while (received.Count < 2)
        {
            await receiving.Subscribe().Block();
            received.AddRange(receiving.Receive(10).Value.Select(datagram => Encoding.UTF8.GetString(datagram.Data.Span)));
        }

        Assert.Equal(["", "behind"], received);
    }

    [Fact]
    public async Task Datagrams_of_others_are_passed_over_a_few_at_a_time()
    {
        using IUdpSocket one = Udp(), stranger = Udp(), other = Udp();
        var (_, strange) = stranger.Stream(other.LocalAddress().Value).Value;
        var (_, sending) = one.Stream(other.LocalAddress().Value).Value;
        var (receiving, _) = other.Stream(one.LocalAddress().Value).Value;

        for (var i = 0; i < 40; i++)
        {
            strange.CheckSend();
            Assert.Equal(1ul, strange.Send([new("noise"u8.ToArray(), null)]).Value);
        }

        sending.CheckSend();
        Assert.Equal(1ul, sending.Send([new("hello"u8.ToArray(), null)]).Value);
        await receiving.Subscribe().Block();
        Assert.Empty(receiving.Receive(10).Value); // one look at all of them would be a look without end at a flood
        IncomingDatagram[] received = [];
        while (received.Length == 0)
        {
            await receiving.Subscribe().Block();
            received = receiving.Receive(10).Value;
        }

        Assert.Equal("hello", Encoding.UTF8.GetString(Assert.Single(received).Data.Span));
    }

    IUdpSocket Udp()
    {
        var socket = _host.CreateUdpSocket(IpAddressFamily.Ipv4).Value;
        Assert.True(socket.StartBind(_network, AnyPort).IsOk);
        Assert.True(socket.FinishBind().IsOk);
        return socket;
    }

    [Fact]
    public async Task Names_are_asked_for_only_where_that_is_granted()
    {
        using var addresses = _host.ResolveAddresses(_network, "localhost").Value;
        await addresses.Subscribe().Block();
        Assert.NotNull(addresses.ResolveNextAddress().Value);

        var number = _host.ResolveAddresses(_network, "192.0.2.7").Value;
        Assert.Equal(new IpAddress.Ipv4((192, 0, 2, 7)), number.ResolveNextAddress().Value);
        Assert.Null(number.ResolveNextAddress().Value);
        Assert.Equal(ErrorCode.AccessDenied, _host.ResolveAddresses(_network, "localhost.invalid").Error);
        Assert.Equal(ErrorCode.InvalidArgument, _host.ResolveAddresses(_network, "not a name").Error);
        Assert.Equal(ErrorCode.InvalidArgument, _host.ResolveAddresses(_network, "").Error);
        Assert.True(OnLoopback.AllowsName("WWW.Example") && !OnLoopback.AllowsName("notexample"));
    }

    [Fact]
    public void Options_are_set_and_read()
    {
        using var socket = Tcp();

        Assert.True(socket.SetKeepAliveEnabled(true).IsOk);
        Assert.True(socket.KeepAliveEnabled().Value);
        Assert.True(socket.SetKeepAliveIdleTime(90_000_000_000).IsOk);
        Assert.Equal(90_000_000_000ul, socket.KeepAliveIdleTime().Value);
        Assert.True(socket.SetHopLimit(7).IsOk);
        Assert.Equal(7, socket.HopLimit().Value);
        Assert.Equal(ErrorCode.InvalidArgument, socket.SetHopLimit(0).Error);
        Assert.Equal(ErrorCode.InvalidArgument, socket.SetListenBacklogSize(0).Error);
        Assert.Equal(ErrorCode.InvalidArgument, socket.SetReceiveBufferSize(0).Error);
        Assert.True(socket.SetReceiveBufferSize(ulong.MaxValue).IsOk);
        Assert.Equal(IpAddressFamily.Ipv4, socket.AddressFamily());
    }
}
