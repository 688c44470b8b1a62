using System.Net;
using Allotrope.Wasi.Http;
using Microsoft.AspNetCore.Http;
using ErrorCode = Allotrope.Wasi.Http.ErrorCode;

namespace Allotrope.Wasi.Tests.Http.Requests;

/// <summary>Where guests' requests may not go.</summary>
public sealed class RequestGrantTests
{
    [Fact]
    public async Task What_is_not_granted_is_denied_and_told()
    {
        await using var peer = await Peer.StartAsync(context => context.Response.WriteAsync("reached"));
        using var guest = new Guest("api.example.org", $"https://{peer.Authority}");
        Assert.IsType<ErrorCode.HttpRequestDenied>(await guest.ErrorAsync(guest.New("GET", $"http://{peer.Authority}/")));
        Assert.IsType<ErrorCode.HttpRequestDenied>(await guest.ErrorAsync(guest.New("GET", "http://api.example.org:81/")));
        Assert.Equal([$"http://{peer.Authority}/", "http://api.example.org:81/"], guest.Denied.Select(denial => denial.Target.AbsoluteUri));
    }

    [Fact]
    public async Task A_guest_that_was_granted_nothing_reaches_nothing()
    {
        using var guest = new Guest();
        Assert.IsType<ErrorCode.HttpRequestDenied>(await guest.ErrorAsync(guest.Finished(guest.New("POST", "http://localhost/"))));
        Assert.Equal(0, guest.Requests.UnderWay);
    }

    [Fact]
    public async Task Writing_the_body_of_a_request_that_was_denied_ends()
    {
        using var guest = new Guest();
        var request = guest.New("POST", "http://localhost/");
        using var body = request.Body().Value;
        Assert.False(guest.Handle(request).IsOk);
        using var stream = body.Write().Value;
        Assert.False((await stream.BlockingWriteAndFlush(new byte[4096])).IsOk && (await stream.BlockingWriteAndFlush(new byte[4096])).IsOk);
    }

    [Theory]
    [InlineData("http://me@localhost/")]
    [InlineData("http://127.0.0.1%2f.example.org/")]
    [InlineData("http://local%68ost/")]
    [InlineData("http://[::1%25lo]/")]
    [InlineData("http://localhost:99999/")]
    [InlineData("http://local[host/")]
    [InlineData("http://,/")]
    public async Task An_authority_that_is_no_host_and_port_is_invalid(string url)
    {
        using var guest = new Guest("*", "localhost", "[::1]");
        var request = guest.New("GET", "http://x/");
        if (!request.SetAuthority(url["http://".Length..^1]).IsOk)
            return; // so it never becomes one
        Assert.IsType<ErrorCode.HttpRequestUriInvalid>(await guest.ErrorAsync(request));
    }

    [Fact]
    public async Task What_no_request_can_be_is_refused_with_its_name()
    {
        using var guest = new Guest("localhost");
        Assert.IsType<ErrorCode.HttpRequestMethodInvalid>(await guest.ErrorAsync(guest.New("CONNECT", "http://localhost/")));
        Assert.IsType<ErrorCode.HttpRequestMethodInvalid>(await guest.ErrorAsync(guest.New("connect", "http://localhost/")));
        Assert.IsType<ErrorCode.HttpRequestMethodInvalid>(await guest.ErrorAsync(guest.New(new string('X', 100), "http://localhost/")));
        Assert.IsType<ErrorCode.HttpRequestUriTooLong>(await guest.ErrorAsync(guest.New("GET", $"http://localhost/{new string('x', 100_000)}")));
        Assert.IsType<ErrorCode.HttpRequestHeaderSectionSize>(await guest.ErrorAsync(guest.New("GET", "http://localhost/", ("x", new string('x', 100_000)))));
        var nowhere = guest.Types.NewOutgoingRequest(guest.Types.NewFields());
        Assert.IsType<ErrorCode.HttpRequestUriInvalid>(await guest.ErrorAsync(nowhere));
        var star = guest.New("OPTIONS", "http://localhost/");
        Assert.True(star.SetPathWithQuery("*").IsOk);
        Assert.IsType<ErrorCode.HttpRequestUriInvalid>(await guest.ErrorAsync(star));
    }

    [Fact]
    public async Task A_name_that_means_this_machine_is_prohibited_unless_the_address_is_granted_too()
    {
        var name = await ThisMachine.NameAsync();
        await using var peer = await Peer.StartAsync(context => context.Response.WriteAsync("reached"));
        var url = $"http://{name}:{peer.Port}/";
        using var guest = new Guest($"{name}:{peer.Port}");
        Assert.IsType<ErrorCode.DestinationIpProhibited>(await guest.ErrorAsync(guest.New("GET", url)));

        using var trusted = new Guest($"{name}:{peer.Port}", peer.Authority);
        using var response = await trusted.AnswerAsync(trusted.New("GET", url));
        Assert.Equal("reached", await trusted.TextAsync(response));
    }

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1::1", true)]
    [InlineData("64:ff9b::5db8:d822", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.9.9.9", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("ff02::1", false)]
    public void A_name_may_be_at_addresses_of_the_Internet_only(string address, bool allowed)
    {
        var hosts = HttpHosts.Of(["*.example.org", "localhost"]);
        Assert.Equal(allowed, hosts.AllowAt(new Uri("http://api.example.org/"), IPAddress.Parse(address)));
    }

    [Fact]
    public void An_address_that_is_granted_by_itself_is_good_for_a_name_at_its_port()
    {
        var hosts = HttpHosts.Of(["db.example.org:9000", "10.0.0.5:9000"]);
        Assert.True(hosts.AllowAt(new Uri("http://db.example.org:9000/"), IPAddress.Parse("10.0.0.5")));
        Assert.True(hosts.AllowAt(new Uri("http://db.example.org:9000/"), IPAddress.Parse("::ffff:10.0.0.5")));
        Assert.False(hosts.AllowAt(new Uri("http://db.example.org:9000/"), IPAddress.Parse("10.0.0.6")));
        Assert.False(hosts.AllowAt(new Uri("http://db.example.org/"), IPAddress.Parse("10.0.0.5")));
    }

    [Theory]
    [InlineData("http://rebound.example.org/", "169.254.169.254", "169.254.169.254")]
    [InlineData("http://rebound.example.org:8080/", "::ffff:10.0.0.5", "10.0.0.5:8080")]
    [InlineData("http://rebound.example.org:8080/", "fd00::5", "[fd00::5]:8080")]
    [InlineData("http://localhost./", "127.0.0.1", "127.0.0.1")] // a name like any other
    public async Task A_name_that_stands_for_an_address_around_here_is_told_with_what_to_grant(string url, string address, string missing)
    {
        var known = IPAddress.Parse(address);
        using var connections = new HttpConnections(HttpHosts.Of([new Uri(url).Authority]), TimeProvider.System)
        {
            Names = new() { Resolve = _ => Task.FromResult(new[] { known }) },
        };
        using var guest = new Guest(connections);
        Assert.IsType<ErrorCode.DestinationIpProhibited>(await guest.ErrorAsync(guest.New("GET", url)));
        var denial = Assert.Single(guest.Denied);
        Assert.Equal((url[..^1], missing), (denial.Where, denial.Missing));
        Assert.True(HttpHosts.Of([missing]).AllowAt(new Uri(url), known)); // and it would
    }

    [Theory]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://[::127.0.0.1]:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://127.0.0.2:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://127.0.0.1.:{0}/")]
    [InlineData("https://127.0.0.1:{0}/")]
    public async Task Another_way_to_write_an_address_is_another_host(string url)
    {
        await using var peer = await Peer.StartAsync(context => context.Response.WriteAsync("reached"));
        using var guest = new Guest($"http://{peer.Authority}");
        var request = guest.New("GET", "http://x/");
        var target = string.Format(null, url, peer.Port);
        if (!request.SetAuthority(target[(target.IndexOf('/', StringComparison.Ordinal) + 2)..^1]).IsOk)
            return; // so it never becomes one
        Assert.True(request.SetScheme(target.StartsWith("https", StringComparison.Ordinal) ? new Scheme.Https() : new Scheme.Http()).IsOk);
        Assert.IsType<ErrorCode.HttpRequestDenied>(await guest.ErrorAsync(request));
    }
}
