using Allotrope.Contracts;

namespace Allotrope.Planner.Tests;

public class PlanTests
{
    static readonly NodeDescription Here = new("n1", new Dictionary<string, string> { ["zone"] = "east", ["disk"] = "ssd" });

    [Fact]
    public void Every_component_becomes_an_assignment_of_its_contract()
    {
        var plan = Of(App.Counter());
        var counter = plan.Assignments["n1.counter-counter"];
        Assert.Equal((7, "counter", "counter", ComponentKind.Actor, 4),
            (counter.Revision, counter.Blueprint, counter.Component, counter.Kind, counter.Instances));
        Assert.Equal("counter.wasm" + App.Digest, counter.Image);
        Assert.Equal(new ComponentLimits(32, TimeSpan.FromSeconds(1)), counter.Limits);
        Assert.Equal("hello", counter.Config["greeting"]);
        Assert.Equal(["n1.counter-counter", "n1.counter-http", "n1.counter-store"], plan.Assignments.Keys);
        Assert.Empty(plan.Obstacles);
    }

    [Fact]
    public void A_linkdef_binds_both_its_ends()
    {
        var plan = Of(App.Counter());
        var links = plan.Assignments["n1.counter-counter"].Links;
        Assert.Equal([("counter-http", "wasmcloud:httpserver", "default"), ("counter-store", "wasmcloud:keyvalue", "fast")],
            links.Select(link => (link.Workload, link.Contract, link.Name)));
        var incoming = Assert.Single(plan.Assignments["n1.counter-http"].LinkedFrom);
        Assert.Equal(("counter-counter", "default", "/"), (incoming.Workload, incoming.Name, incoming.Values["path"]));
        Assert.Empty(plan.Assignments["n1.counter-http"].Links);
    }

    [Fact]
    public void A_zone_is_handed_through_with_the_actors_that_are_its_services()
    {
        var plan = Of(App.Of("lab", App.Actor("reflex", 1, "    - {type: linkdef, properties: {target: robot, values: {receive: 'distance', emit: 'move,stop'}}}") +
            "\n- {name: robot, type: zone, properties: {missed: 3, services: [{name: sensor, host: sensor.local}]}}"));
        var zone = plan.Assignments["n1.lab-robot"];
        Assert.Equal((ComponentKind.Zone, "", 1), (zone.Kind, zone.Image, zone.Instances));
        Assert.Equal(("robot", 3, "sensor"), (zone.Zone!.Zone, zone.Zone.Missed, Assert.Single(zone.Zone.Services).Name));
        var service = Assert.Single(zone.LinkedFrom);
        Assert.Equal(("lab-reflex", "distance", "move,stop"), (service.Workload, service.Values["receive"], service.Values["emit"]));
        var link = Assert.Single(plan.Assignments["n1.lab-reflex"].Links);
        Assert.Equal(("lab-robot", ComponentKind.Zone, "wasmcloud:messaging"), (link.Workload, link.Kind, link.Contract));
        Assert.Null(plan.Assignments["n1.lab-reflex"].Zone);
    }

    [Fact]
    public void A_link_to_an_actor_is_a_call_by_its_alias()
    {
        var plan = Of(App.Of("sums", App.Actor("front", 1, "    - {type: linkdef, properties: {target: adder}}") + "\n" + App.Actor("adder")));
        var link = Assert.Single(plan.Assignments["n1.sums-front"].Links);
        Assert.Equal(("sums-adder", ComponentKind.Actor, "adder"), (link.Workload, link.Kind, link.Contract));
        Assert.Empty(plan.Assignments["n1.sums-adder"].LinkedFrom);
    }

    [Fact]
    public void In_the_second_dialect_a_server_is_linked_from_whom_it_links_to()
    {
        var plan = Of(App.Of("web", App.Actor("page") + "\n" +
            """
            - name: http
              type: capability
              properties: {image: "builtin:httpserver"}
              traits:
                - type: link
                  properties:
                    target: page
                    namespace: wasi
                    package: http
                    interfaces: [incoming-handler]
                    source: {config: [{name: a, properties: {path: /x}}]}
            """));
        var incoming = Assert.Single(plan.Assignments["n1.web-http"].LinkedFrom);
        Assert.Equal(("web-page", "/x"), (incoming.Workload, incoming.Values["path"]));
        Assert.Equal("wasi:http", Assert.Single(plan.Assignments["n1.web-http"].Links).Contract);
        Assert.Empty(plan.Assignments["n1.web-page"].Links);
    }

    [Fact]
    public void In_the_second_dialect_both_ends_of_a_link_know_its_interfaces()
    {
        var plan = Of(App.Of("shop", """
            - name: cart
              type: component
              properties: {image: "a.wasm@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
              traits:
                - type: link
                  properties: {target: store, namespace: wasi, package: keyvalue, interfaces: [store, atomics]}
            - name: store
              type: capability
              properties: {image: "builtin:keyvalue"}
            """));
        var link = Assert.Single(plan.Assignments["n1.shop-cart"].Links);
        Assert.Equal(["store", "atomics"], link.Interfaces);
        Assert.Equal(["wasi:keyvalue/store", "wasi:keyvalue/atomics"], link.QualifiedInterfaces);
        Assert.Equal(link.QualifiedInterfaces, Assert.Single(plan.Assignments["n1.shop-store"].LinkedFrom).Interfaces);
    }

    [Fact]
    public void A_spread_no_node_satisfies_is_an_obstacle_that_says_why()
    {
        var plan = Of(App.Of("far", """
            - name: main
              type: actor
              properties: {image: "a.wasm@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
              traits:
                - type: spreadscaler
                  properties:
                    instances: 10
                    spread:
                      - {name: here, requirements: {zone: east}, weight: 70}
                      - {name: there, requirements: {zone: west}, weight: 30}
            """));
        Assert.Equal(7, plan.Assignments["n1.far-main"].Instances);
        Assert.Equal("3 of its instances need a node with zone=west (spread 'there'), and the node has disk=ssd, zone=east",
            Assert.Single(plan.Obstacles["far"]).Reason);
    }

    [Fact]
    public void A_provider_that_is_not_built_in_is_an_obstacle()
    {
        var redis = $$"""- {name: redis, type: capability, properties: {image: "redis.bin{{App.Digest}}", contract: "wasmcloud:keyvalue"} }""";
        Assert.Contains("nodes run only built-in ones yet: builtin:blobstore or builtin:httpserver or builtin:keyvalue or builtin:messaging",
            Assert.Single(Of(App.Of("db", redis)).Obstacles["db"]).Reason);
    }

    [Fact]
    public void A_secret_is_an_obstacle_until_a_node_keeps_secrets()
    {
        var plan = Of("""
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: s}
            spec:
              policies: [{name: p, type: policy.secret.wasmcloud.dev/v1alpha1, properties: {backend: b}}]
              components:
                - name: a
                  type: actor
                  properties:
                    image: a.wasm@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                    secrets: [{name: token, properties: {policy: p, key: k}}]
            """);
        Assert.Empty(plan.Assignments);
        Assert.Contains("the secret 'token'", Assert.Single(plan.Obstacles["s"]).Reason);
    }

    [Fact]
    public void A_component_of_a_shared_blueprint_is_linked_across()
    {
        var plan = Of(Shared("true"), Borrower);
        Assert.Equal("stores-kv", Assert.Single(plan.Assignments["n1.app-main"].Links).Workload);
        Assert.Equal("app-main", Assert.Single(plan.Assignments["n1.stores-kv"].LinkedFrom).Workload);
        Assert.False(plan.Assignments.ContainsKey("n1.app-kv"));
    }

    [Fact]
    public void A_component_of_a_blueprint_that_is_not_shared_or_not_there_is_an_obstacle()
    {
        Assert.Contains("does not share", Assert.Single(Of(Shared("false"), Borrower).Obstacles["app"]).Reason);
        Assert.Contains("is not applied", Assert.Single(Of(Borrower).Obstacles["app"]).Reason);
    }

    [Fact]
    public void Zero_instances_are_nothing_to_run_and_no_obstacle()
    {
        var plan = Of(App.Of("off", App.Actor("main", 0)));
        Assert.Empty(plan.Assignments);
        Assert.Empty(plan.Obstacles);
    }

    const string Kv = "- {name: kv, type: capability, properties: {image: \"builtin:keyvalue\"}}";

    static string Shared(string shared) => App.Of("stores", Kv, $"{Blueprint.SharedAnnotation}: \"{shared}\"");

    static string Borrower => App.Of("app", App.Actor("main", 1, "    - {type: linkdef, properties: {target: kv}}") + "\n" +
        "- {name: kv, type: capability, properties: {application: {name: stores, component: kv}, contract: \"wasmcloud:keyvalue\"}}");

    static Plan Of(params string[] apps) => Plan.Of(
        [.. apps.Select(App.Read).Select(blueprint => new Contract(blueprint.Name, "1", 7, default, blueprint, null))], [Here], new Dictionary<string, int>());
}
