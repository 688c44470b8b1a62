using System.Net;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Gateway.Tests.Routes;

public class LinkValuesTests
{
    [Fact]
    public void A_link_without_values_takes_the_default_port_on_loopback_and_every_path()
    {
        var route = Read();

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8080), route.EndPoint);
        Assert.Null(route.Host);
        Assert.Equal("/", route.Path);
    }

    [Fact]
    public void Port_host_and_path_are_read()
    {
        var route = Read(("port", "9000"), ("host", "Shop.Example.org"), ("path", "/cart/"));

        Assert.Equal(9000, route.EndPoint.Port);
        Assert.Equal("shop.example.org", route.Host);
        Assert.Equal("/cart", route.Path);
    }

    [Theory]
    [InlineData("127.0.0.1:8081", "127.0.0.1", 8081)]
    [InlineData("localhost:8081", "127.0.0.1", 8081)]
    [InlineData("[::1]:8081", "::1", 8081)]
    public void The_address_of_older_manifests_is_understood(string address, string ip, int port) =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse(ip), port), Read(("address", address)).EndPoint);

    [Fact]
    public void The_PORT_of_older_manifests_is_understood() => Assert.Equal(8082, Read(("PORT", "8082")).EndPoint.Port);

    [Theory]
    [InlineData("port", "eighty", "'eighty' is no port")]
    [InlineData("port", "65536", "'65536' is no port")]
    [InlineData("port", "-1", "'-1' is no port")]
    [InlineData("address", "8080", "'8080' is no address")]
    [InlineData("address", "::1:8080", "'::1' is no IP address")]
    [InlineData("address", "example.org:80", "'example.org' is no IP address")]
    [InlineData("host", "a b", "'a b' is no host name")]
    [InlineData("host", "shop.example.org:8080", "is no host name")]
    [InlineData("path", "shop", "'shop' is no path prefix")]
    [InlineData("path", "/a?b", "is no path prefix")]
    [InlineData("path", "/a/../b", "must not be empty")]
    [InlineData("path", "/a//b", "must not be empty")]
    [InlineData("path", "/a\u001b[2J", "'/a?[2J' is no path prefix")]
    [InlineData("hots", "shop", "'hots' is no value of a link")]
    public void A_value_that_cannot_be_is_refused_in_one_sentence_that_names_the_link(string key, string value, string sentence)
    {
        var fault = Assert.Throws<FaultException>(() => Read((key, value))).Fault;

        Assert.StartsWith("link shop-cart -> shop-http: ", Assert.IsType<Fault.Invalid>(fault).Message, StringComparison.Ordinal);
        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_ports_that_disagree_are_refused()
    {
        var fault = Assert.Throws<FaultException>(() => Read(("address", "127.0.0.1:8081"), ("port", "8082"))).Fault;

        Assert.Contains("two ports, 8081 and 8082", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Beyond_loopback_is_refused_without_TLS()
    {
        var fault = Assert.Throws<FaultException>(() => Read(("address", "0.0.0.0:8080"))).Fault;

        Assert.Contains("--insecure", Assert.IsType<Fault.Refused>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Beyond_loopback_is_allowed_when_the_operator_says_insecure() =>
        Assert.Equal(IPAddress.Any, ReadWith(new() { Insecure = true }, ("address", "0.0.0.0:8080")).EndPoint.Address);

    [Fact]
    public void Beyond_loopback_is_allowed_with_a_certificate()
    {
        using var certificate = TestCertificate.Create();

        Assert.Equal(IPAddress.Any, ReadWith(new() { Certificate = certificate }, ("address", "0.0.0.0:8443")).EndPoint.Address);
    }

    static Route Read(params (string, string)[] values) => ReadWith(new GatewayOptions(), values);

    static Route ReadWith(GatewayOptions options, params (string Key, string Value)[] values) => LinkValues.Read(
        "shop-http", new IncomingLink("shop-cart", "default", values.ToDictionary(pair => pair.Key, pair => pair.Value)), options);
}
