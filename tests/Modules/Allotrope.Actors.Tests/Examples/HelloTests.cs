using Allotrope.Contracts;

namespace Allotrope.Actors.Tests;

public sealed class HelloTests : IAsyncLifetime
{
    const string Text = "text/plain; charset=utf-8";
    const string Json = "application/json";

    ActorNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        Assert.Equal(WorkloadState.Running, (await _node.RunAsync("hello", ExampleActors.Hello, limits: ExampleActors.Tight)).State);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("/", "", "Hello, world!\n")]
    [InlineData("/Ada", "", "Hello, Ada!\n")]
    [InlineData("/greet/Ada", "", "Hello, Ada!\n")]
    [InlineData("/", "name=Ada", "Hello, Ada!\n")]
    [InlineData("/", "x=1&name=Ada+L%2E&y", "Hello, Ada L.!\n")]
    [InlineData("/J%C3%B3n", "", "Hello, Jón!\n")]
    [InlineData("/100%", "", "Hello, 100%!\n")]
    [InlineData("/%zz%4", "", "Hello, %zz%4!\n")]
    public async Task It_greets_whom_path_or_query_name(string path, string query, string expected) =>
        Assert.Equal(new Http.Response(200, Text, expected), await GetAsync(path, query));

    [Fact]
    public async Task It_answers_json_to_those_who_ask_for_it()
    {
        var expected = new Http.Response(200, Json, """{"greeting":"Hello, Ada!","method":"GET","path":"/Ada"}""" + "\n");
        Assert.Equal(expected, await GetAsync("/Ada", "format=json"));
        Assert.Equal(expected, await GetAsync("/Ada", "", ("ACCEPT", "text/html, application/json")));
    }

    [Fact]
    public async Task A_name_cannot_break_out_of_the_json() =>
        Assert.Equal(
            """{"greeting":"Hello, \"\\\u000a!","method":"GET","path":"/"}""" + "\n",
            (await GetAsync("/", "format=json&name=%22%5C%0A")).Body);

    [Fact]
    public async Task It_says_that_it_is_healthy() =>
        Assert.Equal("81a76865616c746879c3", Convert.ToHexStringLower((await _node.CallAsync("hello", "Actor.HealthRequest", new byte[] { 0x80 })).Body.Span));

    [Fact]
    public async Task An_operation_it_does_not_know_is_its_error() =>
        Assert.Equal("Could not find function \"Other.Operation\"", (await _node.CallAsync("hello", "Other.Operation")).Error);

    /// <summary>In a memory of one mebibyte, which keeping a dozen bytes a call would fill.</summary>
    [Fact]
    public async Task A_hundred_thousand_calls_leave_its_memory_as_it_was()
    {
        var request = Http.Request("/Ada", "format=json", ("Host", "localhost"), ("User-Agent", "test"));
        for (var call = 0; call < 100_000; call++)
            Assert.Null((await _node.CallAsync("hello", Http.Operation, request)).Error);
    }

    async Task<Http.Response> GetAsync(string path, string query = "", params (string, string)[] headers) =>
        Http.Read((await _node.CallAsync("hello", Http.Operation, Http.Request(path, query, headers))).Body);
}
