using System.Text.Json;

namespace Allotrope.EndToEnd;

/// <summary>Every command against a node that runs.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    const string Request = """{"method":"GET","path":"/call","queryString":"","header":{},"body":{"$text":""}}""";

    readonly World _world = new();
    string _blueprint = "";

    public async ValueTask InitializeAsync()
    {
        _blueprint = _world.Write("app.yaml", Blueprints.Counter("shop", Repository.Guest("counter"), instances: 2));
        await _world.UpAsync(_blueprint);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task List_and_status_show_what_runs()
    {
        Assert.Matches(@"shop\s+1\s+deployed\s+3", (await _world.AllotAsync("list")).Ok());
        Assert.Matches(@"shop-actor\s+running\s+2", (await _world.AllotAsync("status", "shop")).Ok());
        var status = await JsonAsync("status", "--json");
        Assert.Equal("Deployed", status.GetProperty("state").GetString());
        Assert.Equal(3, status.GetProperty("workloads").GetArrayLength());
        (await _world.AllotAsync("status", "nothing")).Fails(3, "nothing");
    }

    [Fact]
    public async Task Diff_tells_what_apply_would_change_and_apply_changes_it()
    {
        Assert.Contains("nothing would change", (await _world.AllotAsync("diff", _blueprint)).Ok(), StringComparison.Ordinal);
        _world.Write("app.yaml", Blueprints.Counter("shop", Repository.Guest("counter"), instances: 7));
        Assert.Equal("~ components.actor.instances: 2 -> 7", (await _world.AllotAsync("diff", _blueprint)).Ok().Trim());
        var difference = await JsonAsync("diff", _blueprint, "--json");
        Assert.Equal(("2", "7"), (difference.GetProperty("before").GetString(), difference.GetProperty("after").GetString()));

        (await _world.AllotAsync("apply", _blueprint)).Ok();
        Assert.Matches(@"shop-actor\s+running\s+7", (await _world.AllotAsync("status", "shop")).Ok());
        Assert.Contains("unchanged", (await _world.AllotAsync("apply", _blueprint, "--no-wait")).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_stops_what_runs()
    {
        (await _world.AllotAsync("delete", "shop")).Ok();
        Assert.Contains("No blueprint", (await _world.AllotAsync("list")).Ok(), StringComparison.Ordinal);
        (await _world.AllotAsync("delete", "shop")).Fails(3, "shop");
    }

    [Theory]
    [InlineData("shop-actor")]
    [InlineData("actor")]
    public async Task Call_talks_to_an_actor_in_JSON(string name)
    {
        var answer = await JsonAsync("call", name, "HttpServer.HandleRequest", "--json-body", Request);
        Assert.Equal(200, answer.GetProperty("statusCode").GetInt32());
        Assert.Equal("{\"counter\":1}\n", answer.GetProperty("body").GetProperty("$text").GetString());
    }

    [Fact]
    public async Task Call_tells_an_actors_error_and_a_missing_actor_apart()
    {
        (await _world.AllotAsync("call", "shop-actor", "No.Such")).Fails(10, "shop-actor", "No.Such");
        (await _world.AllotAsync("call", "nobody", "No.Such")).Fails(3, "nobody");
    }

    [Fact]
    public async Task Logs_show_what_a_workload_has_logged()
    {
        // A trap is logged by the node on the actor's behalf.
        var hostile = _world.Write("hostile.yaml", Blueprints.Http("hostile", Repository.Guest("hostile"), values: "host: hostile.localhost"));
        (await _world.AllotAsync("apply", hostile)).Ok();
        (await _world.AllotAsync("call", "hostile-actor", "HttpServer.HandleRequest", "--json-body", Request.Replace("/call", "/trap", StringComparison.Ordinal))).Fails(10, "trapped");
        Assert.Contains("hostile-actor", (await _world.AllotAsync("logs", "hostile-actor")).Ok(), StringComparison.Ordinal);
        Assert.Equal("hostile-actor", (await JsonAsync("logs", "hostile-actor", "--lines", "1", "--json")).GetProperty("workload").GetString());
        Assert.Empty((await _world.AllotAsync("logs", "shop-actor")).Ok());
        (await _world.AllotAsync("logs", "nope")).Fails(3, "nope", "shop-actor");
    }

    [Fact]
    public async Task Ledger_verify_reads_the_whole_chain_beside_a_running_node()
    {
        (await _world.AllotAsync("delete", "shop")).Ok();
        Assert.Equal(2, (await JsonAsync("ledger", "verify", "--json")).GetProperty("entries").GetInt32());
    }

    [Fact]
    public async Task Sign_and_inspect_agree_on_what_an_actor_may_do()
    {
        var signed = _world["mine.wasm"];
        (await _world.AllotAsync("actor", "sign", Repository.Guest("hello"), "--out", signed, "--name", "Mine", "--ver", "1.2.3", "--rev", "4", "--cap", "wasmcloud:httpserver", "--tag", "t", "--alias", "me")).Ok();
        var seen = await JsonAsync("actor", "inspect", signed, "--json");
        var claims = seen.GetProperty("claims");
        Assert.Equal(("Mine", "1.2.3", 4, "me"), (claims.GetProperty("name").GetString(), claims.GetProperty("version").GetString(), claims.GetProperty("revision").GetInt32(), claims.GetProperty("callAlias").GetString()));
        Assert.Equal("wasmcloud:httpserver", Assert.Single(claims.GetProperty("capabilities").EnumerateArray()).GetString());
        var keys = (await _world.AllotAsync("key", "list")).Ok();
        Assert.Contains(claims.GetProperty("issuer").GetString()!, keys, StringComparison.Ordinal);
        Assert.Contains(claims.GetProperty("module").GetString()!, keys, StringComparison.Ordinal); // its identity is kept for the next release
        Assert.Contains("__guest_call", (await _world.AllotAsync("actor", "inspect", signed)).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signals_tell_what_each_export_may_do()
    {
        var signals = (await JsonAsync("actor", "inspect", Repository.Guest("hello"), "--signals", "--json")).GetProperty("signals");
        var call = signals.GetProperty("exports").EnumerateArray().Single(export => export.GetProperty("export").GetString() == "__guest_call");
        Assert.Contains("wapc.__guest_response", call.GetProperty("imports").EnumerateArray().Select(import => import.GetString()));
        Assert.DoesNotContain("wapc.__host_call", call.GetProperty("imports").EnumerateArray().Select(import => import.GetString()));
        Assert.Equal(signals.GetProperty("schedule").GetString(), call.GetProperty("schedule").GetString());
        Assert.Contains("INSTRUCTIONS", (await _world.AllotAsync("actor", "inspect", Repository.Guest("hello"), "--signals")).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signals_of_a_component_are_refused_because_nothing_is_proved_of_it() =>
        (await _world.AllotAsync("actor", "inspect", Repository.PathOf("guests/components/hello-c/hello.wasm"), "--signals")).Fails(2, "hello.wasm is a component", "leave out --signals");

    [Fact]
    public async Task Inspect_refuses_what_is_no_module()
    {
        (await _world.AllotAsync("actor", "inspect", _blueprint)).Fails(2);
        (await _world.AllotAsync("actor", "inspect", _world["none.wasm"])).Fails(3);
    }

    async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        using var document = JsonDocument.Parse((await _world.AllotAsync(arguments)).Ok());
        return document.RootElement.Clone();
    }
}
