using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Allotrope.Artery;

namespace Allotrope.Arteries.Tests;

/// <summary>Which arteries may go unsealed: those within a machine, and those over TLS.</summary>
public class TlsTests
{
    static readonly Contracts.ZoneManifest Manifest = Zone.Of(Zone.Service("a"), Zone.Service("b")) with { Stabilized = false };

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public async Task From_another_machine_an_artery_is_sealed_or_over_TLS(bool tls, bool isSealed, bool isLetIn)
    {
        Assert.SkipUnless(OtherAddress() is not null, "This machine has no address but loopback.");
        using var certificate = ListeningService.OwnCertificate();
        await using var node = await TestNode.StartAsync(
            Manifest, [], new ArteriesOptions { ListenAddress = IPAddress.Any, Certificate = tls ? certificate : null });
        await using var a = new TestService("a", TimeProvider.System);
        var socket = await node.DialAsync(host: OtherAddress());
        var dial = a.ConnectAsync(new WebSocketTransport(socket), isSealed: isSealed);
        if (!isLetIn)
        {
            Assert.Equal(CloseCode.NotAuthenticated, (await Assert.ThrowsAsync<ArteryException>(() => dial)).Code);
            return;
        }
        await dial;
        await a.NextBeatAsync();
        await node.SayAsync("DOOR");
        Assert.Equal("DOOR", (await a.NextAsync()).Name);
    }

    [Fact]
    public async Task With_the_node_s_certificate_the_listener_speaks_TLS_and_nothing_else()
    {
        using var certificate = ListeningService.OwnCertificate();
        await using var node = await TestNode.StartAsync(Manifest, [], new ArteriesOptions { Certificate = certificate });
        Assert.Equal("https", node.Module.Address!.Scheme);
        Assert.StartsWith("wss://", (await node.StatusAsync()).Address);
        await using var a = new TestService("a", TimeProvider.System);
        await a.ConnectAsync(new WebSocketTransport(await node.DialAsync()));
        using var plain = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new UriBuilder(node.Module.Address) { Scheme = "http" }.Uri));
    }

    [Fact]
    public async Task A_service_is_dialled_by_wss_and_proves_itself_by_the_key_whatever_its_certificate()
    {
        using var certificate = ListeningService.OwnCertificate();
        await using var listening = new ListeningService(certificate);
        await using var node = await TestNode.StartAsync(
            Manifest with { Services = [Zone.Service("a") with { Host = "127.0.0.1", Port = listening.Port, Tls = true }] }, []);
        await using var a = new TestService("a", TimeProvider.System);
        await a.AcceptAsync(await listening.AcceptAsync());
        await a.NextBeatAsync();
        await node.SayAsync("DOOR");
        Assert.Equal("DOOR", (await a.NextAsync()).Name);
    }

    static string? OtherAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))?.ToString();
}
