using Allotrope.Components;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Tests.Http;

/// <summary>What guests may say of the messages they make.</summary>
public sealed class OutgoingMessageTests
{
    readonly HttpTypes _types = new(() => new RequestBody(), () => new RequestBody(), CancellationToken.None);

    IOutgoingRequest NewRequest() => _types.NewOutgoingRequest(_types.NewFields());

    [Fact]
    public void A_new_request_is_a_GET_of_nothing_yet()
    {
        var request = NewRequest();
        Assert.IsType<Method.Get>(request.Method());
        Assert.Equal((null, null, null), (request.PathWithQuery(), request.Scheme(), request.Authority()));
    }

    [Fact]
    public void A_method_by_its_word_is_that_method()
    {
        var request = NewRequest();
        foreach (var method in new Method[] { new Method.Head(), new Method.Post(), new Method.Put(), new Method.Delete(), new Method.Connect(), new Method.Options(), new Method.Trace(), new Method.Patch(), new Method.Get() })
        {
            Assert.True(request.SetMethod(method).IsOk);
            Assert.Equal(method, request.Method());
            Assert.True(request.SetMethod(new Method.Other("coucou")).IsOk);
            Assert.Equal(new Method.Other("coucou"), request.Method());
            Assert.True(request.SetMethod(new Method.Other(method.GetType().Name.ToUpperInvariant())).IsOk);
            Assert.Equal(method, request.Method());
        }
        foreach (var word in new[] { "", " ", "GET /", "a\r\nb", "é", "(" })
            Assert.False(request.SetMethod(new Method.Other(word)).IsOk);
        Assert.IsType<Method.Get>(request.Method());
    }

    [Fact]
    public void A_scheme_by_its_word_is_that_scheme()
    {
        var request = NewRequest();
        Assert.True(request.SetScheme(new Scheme.Other("https")).IsOk);
        Assert.IsType<Scheme.Https>(request.Scheme());
        Assert.True(request.SetScheme(new Scheme.Other("http")).IsOk);
        Assert.IsType<Scheme.Http>(request.Scheme());
        Assert.True(request.SetScheme(new Scheme.Other("ftp")).IsOk);
        foreach (var word in new[] { "", " ", "a b", ":", "é", "1x" })
            Assert.False(request.SetScheme(new Scheme.Other(word)).IsOk);
        Assert.True(request.SetScheme(null).IsOk);
        Assert.Null(request.Scheme());
    }

    [Fact]
    public void A_path_begins_with_a_slash_and_has_no_spaces_or_ends_of_lines()
    {
        var request = NewRequest();
        foreach (var path in new[] { "/", "/a/b/c", "/a/../../bar", "/?foo", "/-._~%20!$&'()*+,;=:@", "*" })
        {
            Assert.True(request.SetPathWithQuery(path).IsOk, path);
            Assert.Equal(path, request.PathWithQuery());
        }
        Assert.True(request.SetPathWithQuery("").IsOk);
        Assert.Equal("/", request.PathWithQuery());
        for (var code = 0; code <= 0x20; code++)
            Assert.False(request.SetPathWithQuery($"/{(char)code}").IsOk);
        foreach (var path in new[] { "a/b", "/a#b", "/\x7f", "http://other/" })
            Assert.False(request.SetPathWithQuery(path).IsOk, path);
        Assert.Equal("/", request.PathWithQuery());
    }

    [Fact]
    public void An_authority_is_a_host_and_perhaps_a_port()
    {
        var request = NewRequest();
        foreach (var authority in new[] { "1.2.3.4", "example.com", "localhost", "1.2.3.4:80", "example.com:80", "[::1]", "[fd00::5]:8080", "under_score.example" })
        {
            Assert.True(request.SetAuthority(authority).IsOk, authority);
            Assert.Equal(authority, request.Authority());
        }
        foreach (var authority in new[] { "", " ", "::", ":@", "@@", "@:", "#", "/", "a/b", "localhost:what", "localhost:99999", "user@example.com", "a\r\nb", new string('x', 256) })
            Assert.False(request.SetAuthority(authority).IsOk, authority);
    }

    [Fact]
    public void A_status_has_three_digits()
    {
        var response = _types.NewOutgoingResponse(_types.NewFields());
        Assert.Equal(200, response.StatusCode());
        foreach (var good in new ushort[] { 100, 101, 204, 206, 304, 404, 418, 500, 599 })
        {
            Assert.True(response.SetStatusCode(good).IsOk);
            Assert.Equal(good, response.StatusCode());
        }
        foreach (var bad in new ushort[] { 0, 42, 69, 99, 600, 1000, 65535 })
            Assert.False(response.SetStatusCode(bad).IsOk);
        Assert.Equal(599, response.StatusCode());
    }

    [Fact]
    public void Times_to_wait_are_as_they_were_set()
    {
        var options = _types.NewRequestOptions();
        Assert.Equal((null, null, null), (options.ConnectTimeout(), options.FirstByteTimeout(), options.BetweenBytesTimeout()));
        Assert.True(options.SetConnectTimeout(1).IsOk && options.SetFirstByteTimeout(2).IsOk && options.SetBetweenBytesTimeout(3).IsOk);
        Assert.Equal((1ul, 2ul, 3ul), (options.ConnectTimeout(), options.FirstByteTimeout(), options.BetweenBytesTimeout()));
        Assert.True(options.SetConnectTimeout(null).IsOk);
        Assert.Null(options.ConnectTimeout());
    }

    [Fact]
    public void A_message_gives_its_body_once()
    {
        var (request, response) = (NewRequest(), _types.NewOutgoingResponse(_types.NewFields()));
        Assert.True(request.Body().IsOk && response.Body().IsOk);
        Assert.False(request.Body().IsOk || response.Body().IsOk);
    }

    [Fact]
    public async Task Waiting_for_room_in_a_body_that_was_not_sent_is_a_trap_and_looking_at_it_is_waiting_for_oneself()
    {
        var response = _types.NewOutgoingResponse(_types.NewFields());
        using var stream = response.Body().Value.Write().Value;
        while (stream.CheckWrite().Value is > 0 and var room)
            Assert.True(stream.Write(new byte[room]).IsOk);

        var pollable = Assert.IsType<Pollable>(stream.Subscribe());
        Assert.True(pollable.IsOwn && !pollable.Ready());
        var trap = await Assert.ThrowsAsync<ComponentTrap>(async () => await stream.BlockingWriteAndFlush(new byte[1]));
        Assert.Contains("response-outparam.set", trap.Message, StringComparison.Ordinal);
    }
}
