using System.Net;

namespace Allotrope.EndToEnd;

/// <summary>Components that keep data through a link to the key-value provider.</summary>
public class StoreTests
{
    [Fact]
    public async Task A_component_s_count_goes_on_after_kill_9()
    {
        await using var world = new World();
        var first = await world.UpAsync(world.Write("app.yaml", Blueprint("counter-c/counter.wasm", "[store, atomics]")));
        for (var count = 1; count <= 5; count++)
            Assert.Equal($$"""{"counter":{{count}}}""", await first.GetAsync("/apples"));
        Assert.Equal("""{"counter":1}""", await first.GetAsync("/pears"));
        await first.StopAsync("KILL");

        var second = await world.UpAsync(); // the blueprint is in the record
        Assert.Equal("""{"counter":6}""", await second.GetAsync("/apples"));
    }

    [Fact]
    public async Task A_component_and_an_actor_that_share_a_bucket_count_together()
    {
        await using var world = new World();
        var blueprint = world.Write("app.yaml", Blueprint("counter-c/counter.wasm", "[store, atomics]", ", config: {bucket: shared}") + $$$"""

                - name: actor
                  type: actor
                  properties:
                    image: {{{Repository.Guest("counter")}}}
                  traits:
                    - type: linkdef
                      properties: {target: http, values: {host: actor.test}}
                    - type: linkdef
                      properties: {target: kv, values: {bucket: shared}}
            """);
        var node = await world.UpAsync(blueprint);
        Assert.Equal("""{"counter":1}""", await node.GetAsync("/x"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/x", UriKind.Relative)) { Headers = { Host = "actor.test" } };
        using var response = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("""{"counter":2}""", (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimEnd());
        Assert.Equal("""{"counter":3}""", await node.GetAsync("/x"));
    }

    [Fact]
    public async Task Every_function_of_the_second_draft_does_what_it_says()
    {
        await using var world = new World();
        var node = await world.UpAsync(world.Write("app.yaml", Blueprint("shelf-c/shelf.wasm", "[store, atomics, batch]")));
        await ExpectAsync(node, "/get/a", HttpStatusCode.NotFound, "");
        await ExpectAsync(node, "/set/a/one");
        await ExpectAsync(node, "/get/a", HttpStatusCode.OK, "one");
        await ExpectAsync(node, "/set-many/b/two/c%2F/%FF%FE");
        await ExpectAsync(node, "/keys", HttpStatusCode.OK, "a\nb\nc/\n");
        Assert.Equal(new byte[] { 0xff, 0xfe }, await node.Http.GetByteArrayAsync(new Uri("/get/c%2F", UriKind.Relative)));
        await ExpectAsync(node, "/get-many/a/none/b", HttpStatusCode.OK, "a=one\n\nb=two\n");
        await ExpectAsync(node, "/exists/a", HttpStatusCode.OK, "yes");
        await ExpectAsync(node, "/delete-many/a/b/none");
        await ExpectAsync(node, "/exists/a", HttpStatusCode.OK, "no");
        await ExpectAsync(node, "/delete/c%2F");
        await ExpectAsync(node, "/keys", HttpStatusCode.OK, "");
        await ExpectAsync(node, "/add/n/5", HttpStatusCode.OK, "5");
        await ExpectAsync(node, "/add/n/-7", HttpStatusCode.OK, "-2");
        await ExpectAsync(node, "/append/t/ab", HttpStatusCode.OK, "ab");
        await ExpectAsync(node, "/append/t/c", HttpStatusCode.OK, "abc");
        await ExpectAsync(node, "/race/t/!", HttpStatusCode.OK, "overtaken!");
        await ExpectAsync(node, "/get/t", HttpStatusCode.OK, "overtaken!");
    }

    [Fact]
    public async Task A_store_that_no_link_names_is_none_and_what_a_link_is_not_for_is_denied()
    {
        await using var world = new World();
        var more = """

                    - type: link
                      properties: {target: kv, namespace: wasi, package: keyvalue, interfaces: [store], name: notes}
            """;
        var node = await world.UpAsync(world.Write("app.yaml", Blueprint("shelf-c/shelf.wasm", "[store, atomics, batch]", more: more)));
        await ExpectAsync(node, "/in/other/get/a", HttpStatusCode.ServiceUnavailable, "no such store");
        await ExpectAsync(node, "/in/notes/set/a/1");
        await ExpectAsync(node, "/in/notes/add/a/1", HttpStatusCode.ServiceUnavailable, "access denied");
        await ExpectAsync(node, "/in/notes/get-many/a", HttpStatusCode.ServiceUnavailable, "access denied");
        await ExpectAsync(node, "/get/a", HttpStatusCode.NotFound, ""); // another link, another bucket
        await ExpectAsync(node, "/set/text/abc");
        await ExpectAsync(node, "/add/text/1", HttpStatusCode.ServiceUnavailable,
            "The value is not an integer from -9223372036854775808 to 9223372036854775807, so nothing can be added to it: set it to one first.");
    }

    [Fact]
    public async Task What_nothing_grants_is_refused_with_its_line_before_anything_is_applied()
    {
        await using var world = new World();
        var node = await world.UpAsync(world.Write("app.yaml", Blueprint("hello-c/hello.wasm", "[store]")));
        var bad = world.Write("bad.yaml", Blueprint("counter-c/counter.wasm", "[store]", name: "bad"));
        (await world.AllotAsync("apply", bad)).Fails(2, "component 'page' imports wasi:keyvalue/atomics@0.2.0-draft", "bad.yaml:9:16", "add atomics to the interfaces of the link to 'kv'");
        Assert.DoesNotContain("bad", (await world.AllotAsync("list")).Ok(), StringComparison.Ordinal);
    }

    static string Blueprint(string guest, string interfaces, string config = "", string more = "", string name = "shop") =>
        Blueprints.Keeping(guest, "keyvalue", interfaces, ("kv", "keyvalue"), config, more, name);

    static async Task ExpectAsync(RunningNode node, string path, HttpStatusCode status = HttpStatusCode.OK, string? text = null)
    {
        using var response = await node.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var said = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((path, status, text ?? ""), (path, response.StatusCode, said));
    }
}
