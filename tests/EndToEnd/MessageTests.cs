using System.Net;

namespace Allotrope.EndToEnd;

/// <summary>Components that send each other messages through the messaging provider.</summary>
public class MessageTests
{
    [Fact]
    public async Task A_request_comes_back_with_what_the_component_that_subscribes_answers()
    {
        await using var world = new World();
        var node = await world.UpAsync(world.Write("app.yaml", Blueprint("greet.*")));
        Assert.Equal("greet.one: Ada", await node.GetAsync("/request/greet.one/Ada"));
        await FailsAsync(node, "/request/other/Ada", "nobody subscribes to other");
        await FailsAsync(node, "/request/a..b/Ada", "empty token");
    }

    [Fact]
    public async Task A_message_that_nobody_answers_ends_the_wait_and_one_that_is_wrong_is_in_the_log()
    {
        await using var world = new World();
        var node = await world.UpAsync(world.Write("app.yaml", Blueprint("greet.*")));
        await FailsAsync(node, "/request/greet.one/fail", "nobody has answered on greet.one within 2000 ms");
        Assert.Contains("the message on greet.one was not handled: this text is wrong", (await world.AllotAsync("logs", "shop-page")).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_component_of_another_provider_hears_nothing()
    {
        await using var world = new World();
        var other = world.Write("other.yaml", Blueprint("greet.*", "other", "/other"));
        var node = await world.UpAsync(world.Write("app.yaml", Blueprint("none")), other);
        await FailsAsync(node, "/request/greet.one/Ada", "nobody subscribes to greet.one");
    }

    [Fact]
    public async Task Components_of_both_interfaces_answer_each_other()
    {
        await using var world = new World();
        var herald = $$"""

                - name: herald
                  type: component
                  properties:
                    image: {{Repository.PathOf("guests/components/herald-c/herald.wasm")}}
                  traits:
                    - type: spreadscaler
                      properties: {instances: 4}
                    - type: link
                      properties: {target: messages, namespace: wasi, package: messaging, interfaces: [producer, request-reply]}
                - name: more-http
                  type: capability
                  properties: {image: "builtin:httpserver"}
                  traits:
                    - type: link
                      properties: {target: herald, namespace: wasi, package: http, interfaces: [incoming-handler], source: {config: {host: herald.test} } }
            """;
        const string ToHerald = """

                    - type: link
                      properties: {target: herald, namespace: wasi, package: messaging, interfaces: [incoming-handler], source: {config: {subscriptions: "cry.>, both"}}}
            """;
        var shop = Blueprint("greet.*, both");
        var afterMessages = shop.IndexOf("    - name: http", StringComparison.Ordinal);
        var node = await world.UpAsync(world.Write("app.yaml", shop.Insert(afterMessages, ToHerald.TrimStart('\n') + "\n") + herald));
        Assert.Equal("cry.one: Ada", await node.GetAsync("/request/cry.one/Ada"));
        Assert.Equal("greet.one: Ada", await HeraldAsync(node, "/request/greet.one/Ada"));
        Assert.Equal("cry.one: Ada [text/plain]", await HeraldAsync(node, "/request/cry.one/Ada"));
        var replies = (await HeraldAsync(node, "/request/both/Ada/2")).Split('\n');
        Assert.Equal(["both: Ada", "both: Ada [text/plain]"], replies.Order(StringComparer.Ordinal));
    }

    static async Task<string> HeraldAsync(RunningNode node, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { Host = "herald.test" } };
        using var response = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimEnd();
    }

    static async Task FailsAsync(RunningNode node, string path, string why)
    {
        using var response = await node.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(why, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    static string Blueprint(string subscriptions, string name = "shop", string path = "/") => $$$$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: {{{{name}}}}}
        spec:
          components:
            - name: page
              type: component
              properties: {image: {{{{Repository.PathOf("guests/components/relay-c/relay.wasm")}}}}}
              traits:
                - {type: spreadscaler, properties: {instances: 4}}
                - {type: link, properties: {target: messages, namespace: wasmcloud, package: messaging, interfaces: [consumer]}}
            - name: messages
              type: capability
              properties: {image: "builtin:messaging"}
              traits:
                - type: link
                  properties: {target: page, namespace: wasmcloud, package: messaging, interfaces: [handler], source: {config: {subscriptions: "{{{{subscriptions}}}}"}}}
            - name: http
              type: capability
              properties: {image: "builtin:httpserver"}
              traits:
                - type: link
                  properties: {target: page, namespace: wasi, package: http, interfaces: [incoming-handler], source: {config: {path: "{{{{path}}}}"}}}
        """;
}
