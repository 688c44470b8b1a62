namespace Allotrope.Kernel.Tests.Hosts;

public class HttpHostTests
{
    [Theory]
    [InlineData("api.example.org", "https://api.example.org/", true)]
    [InlineData("api.example.org", "http://API.example.org/", true)]
    [InlineData("api.example.org", "http://api.example.org:8080/", false)]
    [InlineData("api.example.org", "http://other.example.org/", false)]
    [InlineData("api.example.org", "http://api.example.org.evil.net/", false)]
    [InlineData("api.example.org", "http://api.example.org./", false)]
    [InlineData("https://api.example.org", "http://api.example.org/", false)]
    [InlineData("api.example.org:8443", "https://api.example.org:8443/", true)]
    [InlineData("api.example.org:8443", "https://api.example.org/", false)]
    [InlineData("api.example.org:80", "http://api.example.org/", true)]
    [InlineData("*.example.org", "http://a.b.example.org/", true)]
    [InlineData("*.example.org", "http://example.org/", false)]
    [InlineData("*.example.org", "http://evilexample.org/", false)]
    [InlineData("*", "http://anything.example/", true)]
    [InlineData("*", "http://127.0.0.1/", false)]
    [InlineData("*", "http://[::1]/", false)]
    [InlineData("*", "http://localhost/", false)]
    [InlineData("127.0.0.1:9000", "http://0x7f.1:9000/", true)]
    [InlineData("127.0.0.1:9000", "http://[::ffff:127.0.0.1]:9000/", false)]
    [InlineData("[::1]:9000", "http://[0:0::1]:9000/", true)]
    [InlineData("localhost:9000", "http://localhost:9000/", true)]
    [InlineData("localhost:9000", "http://127.0.0.1:9000/", false)]
    public void A_host_covers_what_it_says_and_no_more(string host, string target, bool covers)
    {
        var uri = new Uri(target);
        Assert.Equal(covers, HttpHost.TryParse(host)!.Covers(uri.Scheme, uri.Host, uri.Port));
    }

    [Theory]
    [InlineData("API.Example.org", "api.example.org")]
    [InlineData("HTTPS://example.org", null)]
    [InlineData("https://*.Example.org:8443", "https://*.example.org:8443")]
    [InlineData("[0:0::1]:80", "[::1]:80")]
    [InlineData("127.1", "127.0.0.1")]
    [InlineData("*", "*")]
    [InlineData("", null)]
    [InlineData("*.", null)]
    [InlineData("*.10.0.0.1", null)]
    [InlineData("a*.example.org", null)]
    [InlineData("*.*.example.org", null)]
    [InlineData("example.org:", null)]
    [InlineData("example.org:0", null)]
    [InlineData("example.org:+80", null)]
    [InlineData("example.org:65536", null)]
    [InlineData("example.org/path", null)]
    [InlineData("me@example.org", null)]
    [InlineData("example.org#x", null)]
    [InlineData("exa mple.org", null)]
    [InlineData("%6cocalhost", null)]
    [InlineData("[::1", null)]
    [InlineData("::1", null)]
    [InlineData("[fe80::1%25eth0]", null)]
    [InlineData("://example.org", null)]
    public void Hosts_that_mean_the_same_have_one_spelling_and_others_are_refused(string text, string? spelling) =>
        Assert.Equal(spelling, HttpHost.TryParse(text)?.ToString());
}
