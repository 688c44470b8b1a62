namespace Allotrope.Wit.Generator.Tests;

public class NamingTests
{
    [Theory]
    [InlineData("record r { last-operation-failed: u8 }", "record struct R(byte LastOperationFailed)")]
    [InlineData("record r { ipv4-address: u8, r: bool, get-hash-code: u8 }", "record struct R(byte Ipv4Address, bool R_, byte GetHashCode_)")]
    [InlineData("record r { a1: u8, a-1: u8 }", "record struct R(byte A1, byte A1_)")]
    [InlineData("record %type { %enum: string }", "record struct Type(string Enum)")]
    [InlineData("enum e { DNS-timeout, equals }", "DnsTimeout = 0,")]
    [InlineData("flags f { none, a }", "None = 1,")]
    [InlineData("variant v { value(u8), v }", "public sealed record Value_(byte Value) : V;")]
    [InlineData("f: func(out: u8, fail-with: u8);", "void F(byte @out, byte failWith);")]
    [InlineData("resource r { get-type: func(); dispose: func(); }", "void GetType_();")]
    [InlineData("resource r { constructor(); }", "global::Made.A.B.IR NewR();")]
    [InlineData("resource r { constructor() -> result<r>; }", "global::Allotrope.Components.Result<global::Made.A.B.IR, global::Allotrope.Components.Unit> NewR();")]
    [InlineData("resource r { from-list: static func(); }", "void RFromList();")]
    [InlineData("resource x; f: func();", "public interface IXFunctions")]
    public void A_name_becomes(string wit, string csharp)
    {
        var generation = Generation.Of($"package a:b; interface x {{ {wit} }}");
        Assert.Empty(generation.Diagnostics);
        Assert.Empty(generation.CompilerErrors);
        Assert.Contains(csharp, generation.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list<u8>", "global::System.ReadOnlyMemory<byte>")]
    [InlineData("list<list<option<string>>>", "string?[][]")]
    [InlineData("option<list<bool>>", "bool[]?")]
    [InlineData("option<option<char>>", "global::Allotrope.Components.Option<global::System.Text.Rune?>")]
    [InlineData("option<maybe>", "global::Allotrope.Components.Option<byte?>")]
    [InlineData("list<octet>", "global::System.ReadOnlyMemory<byte>")]
    [InlineData("result<_, string>", "global::Allotrope.Components.Result<global::Allotrope.Components.Unit, string>")]
    [InlineData("tuple<s8, f64>", "(sbyte, double)")]
    [InlineData("option<tuple<u16>>", "global::System.ValueTuple<ushort>?")]
    [InlineData("list<f32, 3>", "float[]")]
    public void A_type_becomes(string wit, string csharp)
    {
        var generation = Generation.Of($"package a:b; interface x {{ type maybe = option<octet>; type octet = u8; f: func(p: {wit}); }}");
        Assert.Empty(generation.CompilerErrors);
        Assert.Contains($"void F({csharp} p);", generation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_of_one_name_in_two_interfaces_get_those_before_theirs()
    {
        var text = Generation.Of("package a:b; interface store { enum error { a } resource bin; } interface files { enum error { b } resource bin; }").Text;
        Assert.All(["enum StoreError", "enum FilesError", "interface IStoreBin", "interface IFilesBin"], name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_unstable_is_there_when_its_feature_is_asked_for()
    {
        const string Wit = "package a:b@1.0.0; interface x { @unstable(feature = more) f: func(); @deprecated(version = 1.0.0) g: func(); }";
        Assert.DoesNotContain(" F()", Generation.Of(Wit).Text, StringComparison.Ordinal);
        var text = Generation.Of(Wit, features: "less more").Text;
        Assert.Contains(" F()", text, StringComparison.Ordinal);
        Assert.Contains("[global::System.Obsolete(\"Deprecated since version 1.0.0.\")]", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clock.sleep", "ValueTask Sleep();", "ulong Now();")]
    [InlineData("clock.*", "ValueTask Sleep();", "ValueTask<ulong> Now();")]
    [InlineData("a:b/clock.now\n\ttimer.wait", "void Sleep();", "ValueTask<ulong> Now();")]
    [InlineData("clock.timer.wait", "ValueTask Wait();", "void Sleep();")]
    public void Functions_that_may_wait_give_tasks(string waits, string first, string second)
    {
        var generation = Generation.Of("package a:b; interface clock { sleep: func(); now: func() -> u64; resource timer { wait: func(); } }", waits);
        Assert.Empty(generation.Diagnostics);
        Assert.Contains(first, generation.Text, StringComparison.Ordinal);
        Assert.Contains(second, generation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_below_deps_are_read_and_get_no_code()
    {
        var generation = Generation.Of([("/project/wit/a.wit", "package a:b; interface x { use c:d/y.{t}; f: func(p: t); }"), ("/project/wit/deps/c.wit", "package c:d; interface y { type t = u8; record r { a: u8 } }")]);
        Assert.Equal(["Made.A.B.x.g.cs"], generation.Files.Keys);
        Assert.Contains("void F(byte p);", generation.Text, StringComparison.Ordinal);
    }
}
