using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;

namespace Allotrope.Components.Tests.Composing;

/// <summary>Several components are one.</summary>
public sealed class CompositionTests
{
    static readonly WitType Text = PrimitiveType.Of(PrimitiveKind.String);
    static readonly WitType S32 = PrimitiveType.Of(PrimitiveKind.S32);

    static readonly ComponentFunctionType EchoText = new([new("value", Text)], Text, isAsync: false);
    static readonly ComponentFunctionType EchoNumber = new([new("value", S32)], S32, isAsync: false);

    static Component Part(string imports, string? exports, params (string Name, ComponentFunctionType Type)[] functions) =>
        Component.Compile(new EchoComponent { Interface = imports, Offered = exports }.Build(functions.Length > 0 ? functions : [("f", EchoText)]));

    static ComponentLinker<string> Host(List<string>? seen = null)
    {
        var linker = new ComponentLinker<string>();
        linker.Instance("test:host/api@0.2.0").Function("f", (string state, string given) =>
        {
            seen?.Add(state);
            return $"{given} by {state}";
        });
        return linker;
    }

    static Composition<string> Chain() => new Composition<string>(Host())
        .Add("front", Part("test:middle/api@1.0.0", null))
        .Add("middle", Part("test:back/api@1.0.0", "test:middle/api@1.2.0"))
        .Add("back", Part("test:host/api@0.2.0", "test:back/api@1.0.0"));

    [Fact]
    public void What_one_exports_another_imports_and_the_host_offers_the_rest()
    {
        var stores = new Dictionary<string, Store>();
        using var made = Chain().Instantiate(name => stores[name] = new Store(), name => $"host of {name}");
        Assert.Equal("Grüße by host of back", made["front"].GetFunction<Func<string, string>>("f")("Grüße"));
        Assert.Equal(["back", "middle", "front"], stores.Keys);
        foreach (var store in stores.Values)
            store.Dispose();
    }

    [Fact]
    public void Components_may_share_a_store()
    {
        using var store = new Store();
        using var made = Chain().Instantiate(_ => store, name => name);
        Assert.Equal("x by back", made["front"].GetFunction<Func<string, string>>("f")("x"));
    }

    [Fact]
    public void They_are_started_behind_those_they_need() => Assert.Equal(["back", "middle", "front"], Chain().Check());

    [Fact]
    public void A_difference_is_told_with_both_components_the_interface_and_the_function()
    {
        var composition = new Composition<string>(Host())
            .Add("wants", Part("test:back/api@1.0.0", null, ("f", EchoNumber)))
            .Add("has", Part("test:host/api@0.2.0", "test:back/api@1.0.3"));
        Assert.Equal(
            "incompatible import type: component `wants` imports \"test:back/api@1.0.0\" and component `has` exports \"test:back/api@1.0.3\" in another form: "
            + "type mismatch for `f`: type mismatch in function parameter `value`: expected s32, found string",
            Assert.Throws<LinkException>(composition.Check).Message);
    }

    [Fact]
    public void A_function_that_is_missing_is_told()
    {
        var composition = new Composition<string>(Host())
            .Add("wants", Part("test:back/api", null, ("f", EchoText), ("g", EchoText)))
            .Add("has", Part("test:host/api@0.2.0", "test:back/api"));
        Assert.Contains("component `has` exports \"test:back/api\" in another form: missing expected export `g`", Assert.Throws<LinkException>(composition.Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Components_that_need_one_another_are_refused()
    {
        var composition = new Composition<string>(Host())
            .Add("outside", Part("test:a/api", null))
            .Add("a", Part("test:b/api", "test:a/api"))
            .Add("b", Part("test:a/api", "test:b/api"));
        Assert.Equal(
            "components need one another, so none can be started first: `a` imports \"test:b/api\" of `b`, `b` imports \"test:a/api\" of `a`",
            Assert.Throws<LinkException>(composition.Check).Message);
    }

    [Fact]
    public void Where_several_export_an_interface_one_is_chosen()
    {
        var composition = new Composition<string>(Host())
            .Add("front", Part("test:back/api", null))
            .Add("one", Part("test:host/api@0.2.0", "test:back/api"))
            .Add("two", Part("test:host/api@0.2.0", "test:back/api"));
        Assert.Equal("ambiguous import \"test:back/api\" of component `front`: `one` and `two` export it; choose one", Assert.Throws<LinkException>(composition.Check).Message);
        using var store = new Store();
        using var made = composition.Choose("front", "test:back/api", "two").Instantiate(_ => store, name => name);
        Assert.Equal("x by two", made["front"].GetFunction<Func<string, string>>("f")("x"));
    }

    [Fact]
    public void The_host_can_be_chosen_though_a_component_exports_the_interface()
    {
        var composition = new Composition<string>(Host())
            .Add("front", Part("test:host/api@0.2.0", null))
            .Add("between", Part("test:host/api@0.2.0", "test:host/api@0.2.0"))
            .Choose("front", "test:host/api@0.2.0", null);
        using var store = new Store();
        using var made = composition.Instantiate(_ => store, name => name);
        Assert.Equal("x by front", made["front"].GetFunction<Func<string, string>>("f")("x"));
    }

    [Fact]
    public void One_component_may_be_there_twice()
    {
        var twice = Part("test:host/api@0.2.0", "test:back/api");
        using var store = new Store();
        using var made = new Composition<string>(Host()).Add("front", Part("test:back/api", null)).Add("a", twice).Add("b", twice).Choose("front", "test:back/api", "b").Instantiate(_ => store, name => name);
        Assert.Equal("x by b", made["front"].GetFunction<Func<string, string>>("f")("x"));
    }

    [Fact]
    public void What_nobody_supplies_is_told_with_who_needs_it() => Assert.StartsWith(
        "component `alone`: unknown import \"test:nobody/api\"",
        Assert.Throws<LinkException>(new Composition<string>(Host()).Add("alone", Part("test:nobody/api", null)).Add("other", Part("test:host/api@0.2.0", null)).Check).Message, StringComparison.Ordinal);

    [Fact]
    public void A_choice_of_nothing_is_refused()
    {
        var composition = Chain().Choose("front", "test:elsewhere/api", "back");
        Assert.Contains("there is no such import", Assert.Throws<LinkException>(composition.Check).Message, StringComparison.Ordinal);
        composition = Chain().Choose("front", "test:middle/api@1.0.0", "nobody");
        Assert.Contains("component `nobody`, which there is not", Assert.Throws<LinkException>(composition.Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_cannot_start_takes_the_others_along()
    {
        using var store = new Store();
        Assert.Throws<InvalidOperationException>(() => Chain().Instantiate(name => name == "front" ? throw new InvalidOperationException("no room") : store, name => name));
    }
}
