using System.Text;
using Allotrope.Wasm;

namespace Allotrope.Components.Tests.Guests;

/// <summary>Functions of a component in C called with C#'s own types.</summary>
public sealed class CallsTests : IDisposable
{
    readonly Store _store = new();
    readonly ComponentInstance _instance;

    public CallsTests() =>
        _instance = new ComponentLinker<int>().Instantiate(_store, Components.Component.Compile(File.ReadAllBytes(GuestTests.FileOf("calls-c/calls.wasm"))), 0);

    [Fact]
    public void Integers_strings_and_records_reach_the_guest()
    {
        Assert.Equal(3u, _instance.GetFunction<Func<uint, uint, uint>>("add")(uint.MaxValue, 4));
        Assert.Equal(6u, _instance.GetFunction<Func<string, uint>>("length")("héllo"));
        Assert.Equal(-1 + 3 + 2, _instance.GetFunction<Func<Point[], double>>("total")([new(2, 1.5, "ab"), new(-1, 1, "")]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello, Ada!")]
    [InlineData("Grüße, 世界 😀\0")]
    public void A_string_comes_back_as_it_went(string text) => Assert.Equal(text, _instance.GetFunction<Func<string, string>>("echo")(text));

    [Fact]
    public void Every_type_comes_back_as_it_went()
    {
        Value[] values =
        [
            new Value.Nothing(), new Value.Truth(true), new Value.Small(-128), new Value.Large(ulong.MaxValue), new Value.Single(-0.5f),
            new Value.Letter(new Rune(0x1F600)), new Value.Text("text"), new Value.Pair((-5, "x")), new Value.Maybe(null), new Value.Maybe(""),
            new Value.Outcome(7u), new Value.Outcome("no"), new Value.Allowed(Rights.Read | Rights.Remove), new Value.Paint(Colour.Blue),
            new Value.Place(new(int.MinValue, double.MaxValue, "far")),
        ];
        var mirror = _instance.GetFunction<Func<Value[], Value[]>>("mirror");
        Assert.Equal(values, mirror(values));
        Assert.Equal([1, 2, 3], Assert.IsType<Value.Bytes>(Assert.Single(mirror([new Value.Bytes(new byte[] { 1, 2, 3 })]))).Value.ToArray());
        Assert.Empty(mirror([]));
    }

    public void Dispose()
    {
        _instance.Dispose();
        _store.Dispose();
    }
}
