using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Validation;

/// <summary>What is no module is refused with the byte where it shows.</summary>
public sealed class InvalidModuleTests
{
    /// <summary>Bytes before the code of the only function of a module made by <see cref="WithCode"/>.</summary>
    const int CodeOffset = 23;

    [Theory]
    [InlineData("", 0)]
    [InlineData("0061736E01000000", 0)]
    [InlineData("0061736D02000000", 4)]
    [InlineData("0061736D01000000FF00", 8)]
    [InlineData("0061736D0100000001050160017F", 9)]
    [InlineData("0061736D010000000105016000017A", 14)]
    [InlineData("0061736D01000000FF", 9)]
    [InlineData("0061736D0100000003020100", 11)]
    [InlineData("0061736D010000000503010181", 13)]
    public void Malformed_bytes_are_refused_where_they_are(string hex, int offset) =>
        Assert.Equal(offset, Refusal(Convert.FromHexString(hex)).ByteOffset);

    [Theory]
    [InlineData("i32.const 1 i64.const 1 i32.add drop", 4)]
    [InlineData("nop nop drop", 2)]
    [InlineData("i32.const 0 br 7", 2)]
    [InlineData("local.get 9 drop", 0)]
    [InlineData("nop call 5", 1)]
    [InlineData("i32.const 1", 2)]
    public void An_invalid_instruction_is_refused_where_it_is(string code, int offsetInCode) =>
        Assert.Equal(CodeOffset + offsetInCode, Refusal(WithCode(code)).ByteOffset);

    [Fact]
    public void The_message_says_what_and_where()
    {
        var refusal = Refusal(WithCode("i32.const 1 i64.const 1 i32.add drop"));
        Assert.Equal($"type mismatch: i64 where i32 is expected (at byte {CodeOffset + 4})", refusal.Message);
    }

    [Theory]
    [InlineData("0061736D01000000" + "01FFFFFFFF0F" + "00")]
    [InlineData("0061736D01000000" + "0106FFFFFFFF0F60")]
    [InlineData("0061736D01000000" + "0207FFFFFFFF0F0000")]
    public void A_length_beyond_the_module_is_refused_before_anything_is_allocated(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Refusal(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Every_beginning_of_a_module_is_refused_or_a_module_itself()
    {
        var whole = new ModuleText().Import("env", "f", "i32->i32").Memory(1, export: "memory").Table(2).Elements(0, 0, 1)
            .Function("run", "i32->i32", "block i32 local.get 0 call 0 end i32.const 2 i32.mul").Bytes(8, 1, 2, 3).Build();
        var accepted = Enumerable.Range(0, whole.Length + 1).Count(length => Accepts(whole.AsSpan(0, length)));
        Assert.InRange(accepted, 1, 6);
    }

    static bool Accepts(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Module.Compile(bytes);
            return true;
        }
        catch (InvalidModuleException)
        {
            return false;
        }
    }

    static InvalidModuleException Refusal(byte[] bytes) => Assert.Throws<InvalidModuleException>(() => Module.Compile(bytes));

    static byte[] WithCode(string code) => new ModuleText().Function(null, "->", code).Build();
}
