using System.Net;

namespace Allotrope.Gateway.Tests.Routes;

public class RouteTableTests
{
    [Theory]
    [InlineData("/", "root")]
    [InlineData("/shopping", "root")]
    [InlineData("/shop", "shop")]
    [InlineData("/shop/7", "shop")]
    [InlineData("/shop/cart", "cart")]
    [InlineData("/shop/cart/2", "cart")]
    [InlineData("/Shop", "root")]
    public void The_longest_prefix_of_whole_segments_wins(string path, string workload)
    {
        var table = new RouteTable([Route("root", "/"), Route("cart", "/shop/cart"), Route("shop", "/shop")]);

        Assert.Equal(workload, table.Find("localhost:8080", path)?.Workload);
    }

    [Fact]
    public void A_path_outside_every_prefix_has_no_route() => Assert.Null(new RouteTable([Route("shop", "/shop")]).Find("localhost", "/"));

    [Theory]
    [InlineData("shop.example.org", "shop")]
    [InlineData("SHOP.example.org:8080", "shop")]
    [InlineData("other.example.org", "any")]
    [InlineData("", "any")]
    [InlineData("[::1]:8080", "any")]
    public void A_named_host_comes_before_any_host(string host, string workload)
    {
        var table = new RouteTable([Route("any", "/"), Route("shop", "/", "shop.example.org")]);

        Assert.Equal(workload, table.Find(host, "/deep/path")?.Workload);
    }

    [Fact]
    public void A_named_host_without_the_path_falls_back_to_any_host()
    {
        var table = new RouteTable([Route("any", "/"), Route("shop", "/shop", "shop.example.org")]);

        Assert.Equal("any", table.Find("shop.example.org", "/about")?.Workload);
    }

    [Fact]
    public void Finding_a_route_allocates_nothing()
    {
        var table = new RouteTable([Route("any", "/"), Route("shop", "/shop", "shop.example.org")]);
        table.Find("shop.example.org:8080", "/shop/7");

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            table.Find("shop.example.org:8080", "/shop/7");

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static Route Route(string workload, string path, string? host = null) =>
        new("http", workload, "default", new IPEndPoint(IPAddress.Loopback, 8080), host, path);
}
