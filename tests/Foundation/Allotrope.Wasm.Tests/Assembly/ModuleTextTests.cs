namespace Allotrope.Wasm.Tests.Assembly;

public sealed class ModuleTextTests
{
    [Fact]
    public void The_shortest_function_is_written_as_the_specification_shows_it()
    {
        var module = new ModuleText().Function("f", "->i32", "i32.const -1").Build();

        Assert.Equal(
            [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 7, 5, 1, 1, (byte)'f', 0, 0, 10, 6, 1, 4, 0, 0x41, 0x7f, 0x0b],
            module);
    }

    [Theory]
    [InlineData("block end", new byte[] { 2, 0x40, 0x0b })]
    [InlineData("loop i64 end", new byte[] { 3, 0x7e, 0x0b })]
    [InlineData("br_table 1,0,2", new byte[] { 14, 2, 1, 0, 2 })]
    [InlineData("i64.load16_u offset=200", new byte[] { 0x33, 1, 0xc8, 1 })]
    [InlineData("i32.trunc_sat_f64_u", new byte[] { 0xfc, 3 })]
    [InlineData("memory.copy", new byte[] { 0xfc, 10, 0, 0 })]
    public void Instructions_are_written_with_their_immediates(string text, byte[] code) =>
        Assert.Equal(code, Code.Assemble(text, _ => 0));

    [Theory]
    [InlineData(63, new byte[] { 63 })]
    [InlineData(64, new byte[] { 0xc0, 0 })]
    [InlineData(-65, new byte[] { 0xbf, 0x7f })]
    public void Signed_numbers_keep_their_sign(long value, byte[] bytes) => Assert.Equal(bytes, Leb.Signed(value));
}
