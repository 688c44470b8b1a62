using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Contracts.Tests;

public class CanonicalTests
{
    [Fact]
    public void Every_blueprint_reads_back_from_its_canonical_form_as_the_same_model()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var blueprint = new RandomBlueprint(seed).Make();
            Assert.Equal(Model.Text(blueprint), Model.Text(BlueprintCanonical.Read(BlueprintCanonical.Write(blueprint))));
        }
    }

    [Fact]
    public void Order_of_keys_and_comments_make_no_difference()
    {
        var one = Manifest.ReadText("""
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: a, labels: {x: "1", y: "2"}}
            spec: {components: [{name: b, type: actor, properties: {image: b.wasm}, traits: [{type: spreadscaler, properties: {replicas: 3}}]}]}
            """);
        var other = Manifest.ReadText("""
            kind: Application # of the second dialect
            apiVersion: "core.oam.dev/v1beta1"
            spec:
              components:
                - type: actor
                  name: 'b'
                  traits:
                    - properties: {instances: 3}
                      type: spreadscaler
                  properties: {image: b.wasm, limits: {callTime: 2000ms}}
            metadata: {labels: {y: 2, x: 1}, name: a}
            """);
        Assert.Equal(Encoding.UTF8.GetString(BlueprintCanonical.Write(one.Blueprint)),
            Encoding.UTF8.GetString(BlueprintCanonical.Write(other.Blueprint)));
    }

    [Fact]
    public void What_a_component_is_stays_apart_from_what_an_actor_is()
    {
        var blueprint = Manifest.ReadText("""
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: a}
            spec: {components: [{name: b, type: component, properties: {image: b.wasm}}, {name: c, type: actor, properties: {image: c.wasm}}]}
            """).Blueprint;
        Assert.Equal([ComponentKind.Component, ComponentKind.Actor], blueprint.Components.Select(component => component.Kind));
    }

    [Fact]
    public void Bytes_in_another_form_are_refused()
    {
        var canonical = BlueprintCanonical.Write(new RandomBlueprint(1).Make());
        Assert.Contains("not in canonical form", Refused([.. canonical, (byte)' ']));
    }

    [Fact]
    public void An_image_without_digest_is_refused() =>
        Assert.Contains("image 'counter.wasm' of component 'c' has no digest", Refused(BlueprintCanonical.Write(Manifest.ReadText("""
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: a}
            spec: {components: [{name: c, type: actor, properties: {image: counter.wasm}}]}
            """).Blueprint)));

    static string Refused(byte[] canonical) =>
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => BlueprintCanonical.Read(canonical)).Fault).Message;
}
