using System.Text;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Hostile;

/// <summary>Modules that declare much in few bytes are refused for what they are, before they fill the memory.</summary>
public sealed class DeclarationTests
{
    [Theory]
    [InlineData(2, "imports", 0, 0, 0, 0)]
    [InlineData(6, "globals", 0x7f, 0, 0x41, 0, 0x0b)]
    [InlineData(9, "element segments", 1, 0, 0)]
    [InlineData(11, "data segments", 1, 0)]
    public void More_declarations_than_anybody_needs_are_refused(int section, string what, params int[] item)
    {
        const int most = 100_000;
        byte[] bytes = [.. item.Select(value => (byte)value)];
        Assert.DoesNotContain(what, Record.Exception(() => Compile(most))?.Message ?? "");
        Assert.Contains($"more than {most} {what}", Assert.Throws<InvalidModuleException>(() => Compile(most + 1)).Message);

        Module Compile(int count) => Module.Compile(
            [.. Header, .. Section(1, [1, 0x60, 0, 0]), .. Section(section, [.. Leb.Unsigned((ulong)count), .. Enumerable.Repeat(bytes, count).SelectMany(x => x)])]);
    }

    [Fact]
    public void More_functions_than_a_class_holds_are_refused()
    {
        const int count = 66_000;
        byte[] length = Leb.Unsigned(count);
        byte[] bodies = [.. Enumerable.Repeat((byte[])[2, 0, 0x0b], count).SelectMany(body => body)];
        byte[] module = [.. Header, .. Section(1, [1, 0x60, 0, 0]), .. Section(3, [.. length, .. new byte[count]]), .. Section(10, [.. length, .. bodies])];
        Assert.Contains("functions", Assert.Throws<InvalidModuleException>(() => Module.Compile(module)).Message);
    }

    [Fact]
    public void Functions_that_are_large_only_together_are_refused()
    {
        var results = string.Join(',', Enumerable.Repeat("i32", 64));
        var code = Repeat("i32.const 1 ", 64) + Repeat("i32.const 0 br_if 0 ", 20_000);
        var module = new ModuleText();
        for (var i = 0; i < 12; i++) module.Function(null, $"->{results}", $"block ->{results} {code} end");
        Assert.Contains("functions are too large", Assert.Throws<InvalidModuleException>(() => module.Compile()).Message);
    }

    [Fact]
    public void Passive_elements_count_with_the_tables()
    {
        const int elements = 1_000;
        byte[] segment = [1, 1, 0, .. Leb.Unsigned(elements), .. new byte[elements]];
        var module = Module.Compile(
            [.. Header, .. Section(1, [1, 0x60, 0, 0]), .. Section(3, [1, 0]), .. Section(9, segment), .. Section(10, [1, 2, 0, 0x0b])]);
        new Linker().Instantiate(new Store(new StoreLimits { TableElements = elements }), module);
        var refusal = Assert.Throws<LinkException>(() => new Linker().Instantiate(new Store(new StoreLimits { TableElements = elements - 1 }), module));
        Assert.Contains("passive segments", refusal.Message);
    }

    static ReadOnlySpan<byte> Header => [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    static byte[] Section(int id, byte[] content) => [(byte)id, .. Leb.Unsigned((ulong)content.Length), .. content];

    static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}
