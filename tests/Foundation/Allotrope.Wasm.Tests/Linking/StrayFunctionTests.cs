using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Linking;

/// <summary>A function of one store that comes to a guest of another, through whatever they share, is not called: its memory may be gone.</summary>
public sealed class StrayFunctionTests
{
    readonly Global _shared;
    readonly Instance _guest;

    public StrayFunctionTests()
    {
        var other = new Store();
        var stray = new Linker().Instantiate(
            other, new ModuleText().Memory(1).Function("read", "->i32", "i32.const 0 i32.load").Compile()).GetFunction("read");
        _shared = new Global(Value.FromFunction(stray), mutable: true);
        other.Dispose();
        var module = new ModuleText().ImportGlobal("env", "shared", ValueKind.FuncRef, mutable: true).Table(1, export: "table")
            .Function("set", "->", "i32.const 0 global.get 0 table.set 0")
            .Function("fill", "->", "i32.const 0 global.get 0 i32.const 1 table.fill 0")
            .Function("grow", "->", "global.get 0 i32.const 1 table.grow 0 drop");
        _guest = new Linker().Define("env", "shared", _shared).Instantiate(new Store(), module.Compile());
    }

    [Theory]
    [InlineData("set")]
    [InlineData("fill")]
    [InlineData("grow")]
    public void A_guest_cannot_put_it_into_its_table(string how) =>
        Assert.Contains("another store", Assert.Throws<InvalidOperationException>(_guest.GetFunction<Action>(how)).Message);

    /// <summary>Table 0 is filled with the immutable global 0: flags 4 = active, items are expressions.</summary>
    [Fact]
    public void Neither_can_a_segment()
    {
        byte[] module =
        [
            0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0,
            2, 8, 1, 1, (byte)'e', 1, (byte)'g', 3, (byte)ValueKind.FuncRef, 0,
            4, 4, 1, (byte)ValueKind.FuncRef, 0, 1,
            9, 9, 1, 4, 0x41, 0, 0x0b, 1, 0x23, 0, 0x0b,
        ];
        var linker = new Linker().Define("e", "g", new Global(_shared.Value));
        Assert.Throws<InvalidOperationException>(() => linker.Instantiate(new Store(), Module.Compile(module)));
    }

    [Fact]
    public void Neither_can_the_host() => Assert.Throws<InvalidOperationException>(() => _guest.GetTable("table")[0] = _shared.Value.AsFunction());
}
