using Allotrope.Wasm.Tests.Assembly;
using Allotrope.Wasm.Tests.Splitting;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>Variables that serve as addresses are kept wider than they are, and remain 32-bit numbers for everything else.</summary>
public sealed class AddressLocalTests
{
    static readonly CompileOptions[] Modes =
    [
        new() { MemoryChecks = MemoryChecks.Explicit },
        new() { MemoryChecks = MemoryChecks.Automatic },
        new() { MemoryChecks = MemoryChecks.Explicit, Pausable = true, Fuel = true },
        Splits.All(60) with { MemoryChecks = MemoryChecks.Explicit },
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_negative_address_is_far_outside_and_a_negative_number(int mode)
    {
        var run = Start("i32->i64", "local.get 0 i32.const 0 i32.lt_s if local.get 0 i64.extend_i32_s return end local.get 0 i64.load", "", Modes[mode])
            .GetFunction<Func<int, long>>("run");
        Assert.Equal(-5, run(-5));
        Assert.Equal(0, run(8));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run(int.MaxValue)).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_address_wraps_around_at_32_bits(int mode)
    {
        var run = Start("i32,i32->i32", "local.get 0 local.get 1 i32.add local.tee 2 i32.load8_u drop local.get 2", "i32", Modes[mode])
            .GetFunction<Func<int, int, int>>("run");
        Assert.Equal(3, run(-2, 5));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => run(2, -5)).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_address_goes_through_loops_branches_and_calls(int mode)
    {
        // Walks down from the argument in steps of 4 and adds up where it was, as numbers with and without a sign.
        const string Walk = """
            loop
              local.get 0 i32.load drop
              local.get 1 local.get 0 i64.extend_i32_u i64.add local.get 0 i64.extend_i32_s i64.sub local.get 0 call 0 i64.extend_i32_u i64.add local.set 1
              local.get 0 i32.const 4 i32.sub local.tee 0 i32.const 0 i32.ge_s br_if 0
            end
            local.get 1 local.get 0 i64.extend_i32_s i64.add
            """;
        var module = new ModuleText().Memory(1).Function(null, "i32->i32", "local.get 0").Function("run", "i32->i64", Walk, "i64").Compile(Modes[mode]);
        var run = new Linker().Instantiate(new Store { Fuel = 1_000_000 }, module).GetFunction<Func<int, long>>("run");
        Assert.Equal(Enumerable.Range(0, 11).Sum(i => 4L * i) - 4, run(40));
    }

    static Instance Start(string type, string code, string locals, CompileOptions mode) =>
        new Linker().Instantiate(new Store { Fuel = 1_000_000 }, new ModuleText().Memory(1).Function("run", type, code, locals).Compile(mode));
}
