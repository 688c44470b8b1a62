using Allotrope.Components.Wit;

namespace Allotrope.Components.Tests.Wit;

public class WitNamesTests
{
    [Theory]
    [InlineData("interface x { f: func(a: b); }", "there is no type `b` in interface `x`")]
    [InlineData("interface x { use y.{t}; }", "package a:b has no interface or world `y` (it has x)")]
    [InlineData("interface x { use c:d/y.{t}; }", "package c:d is not here: add its files")]
    [InlineData("interface x { use y.{t}; } interface y {}", "interface `a:b/y` has no type `t`")]
    [InlineData("interface x { use y.{t}; } interface y { use x.{t}; }", "uses a type that needs")]
    [InlineData("interface x { type t = t; }", "would contain itself")]
    [InlineData("interface x { record t { u: option<u> } variant u { a(list<t>) } }", "would contain itself")]
    [InlineData("interface x { type t = u8; f: func(p: borrow<t>); }", "is no resource")]
    [InlineData("interface x { resource r; f: func() -> option<borrow<r>>; }", "a handle that is lent")]
    [InlineData("interface x { resource r { constructor() -> u8; } }", "a constructor gives its resource")]
    [InlineData("interface x {} interface X {}", "already has interface `x`")]
    [InlineData("world w { include w; }", "includes itself")]
    [InlineData("world w { include x; } interface x {}", "only worlds are included")]
    [InlineData("world w { import w; }", "is a world, and an interface is needed")]
    [InlineData("world w { import x; import x; } interface x {}", "imports `a:b/x` twice")]
    [InlineData("world w { include v; include u; } world v { import f: func(); } world u { import f: func(); }", "imports `f` twice: remove one, or give it another name by `with`")]
    [InlineData("world w { include v with { g as h } } world v { import f: func(); }", "imports and exports nothing by the name `g`")]
    [InlineData("interface x { @since(version = 1.0.0) f: func(); }", "package a:b has none")]
    [InlineData("interface x { @since(version = 1.0.0) @unstable(feature = a) f: func(); }", "remove one of the two")]
    public void What_refers_to_nothing_is_told(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<WitException>(() => WitTextTests.Resolve("package a:b; " + text)).Problem, StringComparison.Ordinal);

    [Fact]
    public void The_version_that_is_there_is_told()
    {
        var e = Assert.Throws<WitException>(() => WitTextTests.Resolve("package a:b; interface x { use c:d/y@2.0.0.{t}; } package c:d@2.1.0 { interface y { type t = u8; } }"));
        Assert.Contains("package c:d@2.0.0 is not here, but c:d@2.1.0 is", e.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_item_is_not_there_unless_its_feature_is_asked_for()
    {
        const string Text = "package a:b@1.0.0; interface x { @unstable(feature = f) type t = u8; } interface y { @unstable(feature = f) use x.{t}; g: func(); }";
        Assert.Empty(WitTextTests.Resolve(Text, WitFeatures.None).Packages[0].Interfaces[1].Definitions);
        Assert.Single(WitTextTests.Resolve(Text, WitFeatures.Of(["f"])).Packages[0].Interfaces[1].Definitions);
        var e = Assert.Throws<WitException>(() => WitTextTests.Resolve(Text.Replace("@unstable(feature = f) use", "use"), WitFeatures.None));
        Assert.Contains("unless feature `f` is asked for", e.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_world_imports_what_its_interfaces_take_types_from_first()
    {
        var world = WitTextTests.Resolve(
            """
            package a:b;
            interface far { resource r; }
            interface near { use far.{r}; type l = list<r>; }
            interface here { use near.{l}; f: func() -> l; }
            world w { export here; import log: func(); }
            """).Packages[0].Worlds[0];
        Assert.Equal(["a:b/far", "a:b/near", "log"], world.Imports.Select(item => item.Name));
        Assert.Equal(["a:b/here"], world.Exports.Select(item => item.Name));
    }

    [Fact]
    public void What_is_exported_need_not_be_imported_for_its_types()
    {
        var world = WitTextTests.Resolve("package a:b; interface x { resource r; } interface y { use x.{r}; f: func() -> r; } world w { export x; export y; }").Packages[0].Worlds[0];
        Assert.Empty(world.Imports);
    }

    [Fact]
    public void Worlds_are_united_and_may_be_given_other_names()
    {
        var world = WitTextTests.Resolve(
            """
            package a:b; interface i {}
            world one { import i; import a: func(); } world two { import i; import a: func(); export b: func(); }
            world both { include one; include two with { a as c } }
            """).Packages[0].Worlds[2];
        Assert.Equal(["a:b/i", "a", "c"], world.Imports.Select(item => item.Name));
        Assert.Equal(["b"], world.Exports.Select(item => item.Name));
    }

    [Fact]
    public void A_folder_is_a_package_and_each_in_deps_another()
    {
        var resolution = WitResolution.Of([
            WitSource.At("wit/types.wit", "interface types { use c:d/e.{t}; }"),
            WitSource.At("wit/world.wit", "package a:b; use types as ty; world w { import ty; use ty.{t}; }"),
            WitSource.At("wit/deps/c.wit", "package c:d; interface e { use f:g/h@1.0.0.{t}; }"),
            WitSource.At("wit/deps/f/h.wit", "package f:g@1.0.0; interface h { type t = u8; }")]);
        Assert.Equal(["a:b"], resolution.Main.Select(package => $"{package.Name}"));
        Assert.Equal("f:g/h@1.0.0", resolution.Find("a:b")!.Worlds[0].Definitions[0].Origin.Scope.FullName);
    }

    [Fact]
    public void A_dependency_may_be_there_twice_when_it_is_the_same()
    {
        WitSource[] sources = [
            WitSource.At("wit/a.wit", "package a:b; world w { import c:d/e; }"),
            WitSource.At("wit/deps/one.wit", "package c:d; interface e { type t = u8; }"),
            WitSource.At("wit/deps/two.wit", "package c:d; /* the same */ interface e { type t = u8; }")];
        Assert.Equal(2, WitResolution.Of(sources).Packages.Count);
        sources[2] = WitSource.At("wit/deps/two.wit", "package c:d; interface e { type t = u16; }");
        Assert.Contains("is here twice and differs", Assert.Throws<WitException>(() => WitResolution.Of(sources)).Problem, StringComparison.Ordinal);
    }
}
