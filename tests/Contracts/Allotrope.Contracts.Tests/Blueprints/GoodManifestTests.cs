using System.Text;

namespace Allotrope.Contracts.Tests;

public class GoodManifestTests
{
    public static TheoryData<string> Good => Manifest.Names("Good");

    [Theory]
    [MemberData(nameof(Good))]
    public void A_manifest_has_one_canonical_form(string name)
    {
        var canonical = BlueprintCanonical.Write(Manifest.Read(name).Blueprint);
        Manifest.Matches("Good", name + ".json", Encoding.UTF8.GetString(canonical) + "\n");
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void The_canonical_form_reads_back_as_the_same_model(string name)
    {
        var blueprint = Manifest.Read(name).Blueprint;
        Assert.Equal(Model.Text(blueprint), Model.Text(BlueprintReader.ReadCanonical(BlueprintCanonical.Write(blueprint)).Blueprint));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_manifest_has_no_warnings(string name) => Assert.Empty(Manifest.Read(name).Warnings);

    [Fact]
    public void Left_out_values_have_their_defaults()
    {
        var component = Assert.Single(Manifest.Read("smallest").Blueprint.Components);
        Assert.Equal((1, false, 0), (component.Scaling.Instances, component.Scaling.EveryNode, component.Scaling.Spread.Count));
        Assert.Equal(ComponentLimits.Default, component.Limits);
        Assert.Equal("default", component.LinkName);
    }

    [Fact]
    public void A_linkdef_takes_contract_and_name_from_its_target()
    {
        var cart = Manifest.Read("first-dialect").Blueprint.Components[0];
        Assert.Equal(("wasmcloud:keyvalue", "fast"), (cart.Links[0].Contract, cart.Links[0].Name));
        Assert.Null(cart.Links[1].Contract);
    }

    [Fact]
    public void A_built_in_provider_has_its_usual_contract() =>
        Assert.Equal("wasmcloud:keyvalue", Manifest.Read("counter").Blueprint.Components[2].Contract);

    [Fact]
    public void Settings_are_text_whatever_they_look_like()
    {
        var redis = Manifest.Read("first-dialect").Blueprint.Components[2];
        Assert.Equal("""{"least":1,"most":[2,3]}""", redis.Settings["pool"]);
        Assert.Equal("née 😀", redis.Settings["note"]);
        Assert.Equal("3", Manifest.Read("first-dialect").Blueprint.Components[0].Links[0].Values["retries"]);
    }

    [Fact]
    public void A_later_config_set_wins() =>
        Assert.Equal(("blue", "12"), (Manifest.Read("second-dialect").Blueprint.Components[0].Settings["colour"],
            Manifest.Read("second-dialect").Blueprint.Components[0].Settings["size"]));

    [Fact]
    public void Limits_are_read_with_their_units() =>
        Assert.Equal(new ComponentLimits(1024, TimeSpan.FromMilliseconds(500)), Manifest.Read("first-dialect").Blueprint.Components[0].Limits);

    [Fact]
    public void A_component_may_stand_for_one_of_a_shared_blueprint()
    {
        var blueprint = Manifest.Read("second-dialect").Blueprint;
        Assert.Equal(new ComponentReference("clocks", "wall"), blueprint.Components[^1].StandsFor);
        Assert.True(blueprint.Shared);
    }

    [Fact]
    public void A_json_manifest_is_read_too()
    {
        var json = BlueprintCanonical.Write(Manifest.Read("second-dialect").Blueprint);
        Assert.Equal("hello", BlueprintReader.Read(json, "app.json").Blueprint.Name);
    }
}
