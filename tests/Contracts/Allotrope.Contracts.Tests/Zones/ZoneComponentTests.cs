using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Contracts.Tests;

public class ZoneComponentTests
{
    [Fact]
    public void A_zone_is_written_by_hand_beside_its_actors()
    {
        var read = Manifest.Read("zone");
        Assert.Empty(read.Warnings);
        var (zone, reflex) = (read.Blueprint.Components[0], read.Blueprint.Components[1]);
        Assert.Equal((ComponentKind.Zone, "wasmcloud:messaging"), (zone.Kind, zone.Contract));
        Assert.Equal(("robot", TimeSpan.FromSeconds(1), 3, FlatlinePolicy.Restart, "robot-key"),
            (zone.Zone!.Zone, zone.Zone.Heartbeat, zone.Zone.Missed, zone.Zone.OnFlatline, zone.Zone.Key));
        Assert.Equal(["distance", "touch.*"], zone.Zone.Services[0].Emit);
        Assert.Equal((null, 1122, false), (zone.Zone.Services[2].Host, zone.Zone.Services[2].Port, zone.Zone.Services[2].Required));
        var link = Assert.Single(reflex.Links);
        Assert.Equal(("robot", "wasmcloud:messaging", "distance"), (link.Target, link.Contract, link.Values["receive"]));
    }

    [Fact]
    public void A_zone_of_a_compose_file_becomes_a_blueprint_that_reads_back_the_same()
    {
        var blueprint = ComposeReader.Read("""
            name: house
            services:
              lamp: {hostname: lamp, labels: {o3.receive: "on,off", o3.slow: sever, o3.satellite: "coap://lamp"}, secrets: [o3_key]}
              page: {labels: [o3.dials], secrets: [o3_key]}
            """u8, "c.yml", "c").ToBlueprint();
        Assert.Equal(Model.Text(blueprint), Model.Text(BlueprintCanonical.Read(BlueprintCanonical.Write(blueprint))));
    }

    [Fact]
    public void A_change_of_a_service_is_told_in_the_words_of_the_model()
    {
        var before = Manifest.Read("zone").Blueprint;
        var zone = before.Components[0].Zone!;
        var after = before with
        {
            Components = [before.Components[0] with
            {
                Zone = zone with { Missed = 4, Services = [zone.Services[0] with { Emit = [] }, .. zone.Services.Skip(1)] },
            }, .. before.Components.Skip(1)],
        };
        Assert.Equal(
            [new("components.robot.missed", "3", "4"), new("components.robot.services.sensor.emit", "distance, touch.*", "")],
            BlueprintDiff.Between(before, after));
    }

    [Theory]
    [InlineData("heartbeet: 1s", "unknown key 'heartbeet'", "did you mean 'heartbeat'?")]
    [InlineData("missed: 0", "missed '0'", "from 1 to 1000")]
    [InlineData("onFlatline: panic", "onFlatline 'panic'", "stop, zombie, restart")]
    [InlineData("key: \"../secret\"", "key '../secret'", "never the key")]
    [InlineData("services: [{name: a, recieve: x}]", "unknown key 'recieve'", "did you mean 'receive'?")]
    [InlineData("services: [{name: a, receive: [\"b c\"]}]", "receive 'b c'", "names of intents")]
    [InlineData("services: [{name: a, port: 1123}]", "port '1123'", "no port")]
    [InlineData("services: [{name: a, tls: true}]", "tls 'true'", "chooses ws or wss itself")]
    [InlineData("services: [{name: a}, {name: a}]", "a second service 'a'", "different names")]
    [InlineData("services: [{host: a}]", "no 'name'", "a service must have one")]
    [InlineData("image: zone.wasm", "unknown key 'image'", "")]
    public void A_property_that_is_wrong_is_told_with_its_place(string property, string found, string expected)
    {
        var fault = Refused($"{{{property}}}");
        Assert.StartsWith("app.yaml:8:", fault.Where);
        Assert.Contains(found, fault.Message);
        Assert.Contains(expected, fault.Message);
    }

    [Fact]
    public void A_zone_has_one_core_and_links_to_nobody()
    {
        var fault = Refused("""
            {}
                  traits: [{type: spreadscaler, properties: {instances: 2}}, {type: linkdef, properties: {target: z}}]
            """);
        Assert.Contains("a zone has one core", string.Join("\n", [fault.Message, .. fault.More]));
        Assert.Contains("a link of a zone", string.Join("\n", [fault.Message, .. fault.More]));
    }

    [Theory]
    [InlineData("brain", null)]
    [InlineData("core", "service 'core' of a link to a zone")]
    [InlineData("a b", "service 'a b' of a link to a zone")]
    public void A_link_to_a_zone_may_say_as_which_service(string service, string? problem)
    {
        var yaml = $$"""
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: a}
            spec:
              components:
                - {name: z, type: zone, properties: {missed: 5}, traits: [] }
                - name: a
                  type: actor
                  properties: {image: a.wasm}
                  traits:
                    - type: linkdef
                      properties: {target: z, values: {service: "{{service}}" } }
            """;
        if (problem is null)
            Assert.Equal(service, Manifest.ReadText(yaml).Blueprint.Components[1].Links[0].Values["service"]);
        else
            Assert.StartsWith(problem, Assert.Throws<FaultException>(() => Manifest.ReadText(yaml)).Message);
    }

    [Fact]
    public void A_link_to_a_zone_says_only_what_is_received_and_emitted() =>
        Assert.Contains("unknown value 'recieve' of a link to a zone", Refused("""
            {}
                - name: a
                  type: actor
                  properties: {image: a.wasm}
                  traits: [{type: linkdef, properties: {target: z, values: {recieve: x}}}]
            """).Message);

    static Fault.Invalid Refused(string properties) => Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => Manifest.ReadText($"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {"{name: a}"}
        spec:
          components:
            - name: z
              type: zone
              properties: {properties}
        """)).Fault);
}
