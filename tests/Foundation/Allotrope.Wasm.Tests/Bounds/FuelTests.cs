using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Bounds;

public sealed class FuelTests
{
    static readonly CompileOptions Metered = new() { Fuel = true };

    /// <summary>Counts its argument down to zero.</summary>
    static readonly ModuleText Countdown = new ModuleText()
        .Function("run", "i32->", "loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end")
        .Function("forever", "->", "call 1");

    [Fact]
    public void Work_uses_fuel_in_proportion()
    {
        var (ten, thousand) = (Used(10), Used(1_000));
        Assert.True(ten > 10);
        Assert.InRange(thousand, ten * 50, ten * 150);
    }

    [Fact]
    public void The_same_work_always_uses_the_same_fuel() => Assert.Equal(Used(123), Used(123));

    [Fact]
    public void Without_fuel_it_traps_and_goes_on_with_more()
    {
        var store = new Store { Fuel = 100 };
        var run = new Linker().Instantiate(store, Countdown.Compile(Metered)).GetFunction<Action<int>>("run");
        Assert.Equal(TrapKind.FuelExhausted, Assert.Throws<Trap>(() => run(1_000_000)).Kind);
        store.Fuel = 1_000;
        run(10);
        Assert.InRange(store.Fuel, 0, 999);
    }

    [Fact]
    public void Recursion_uses_fuel_too()
    {
        var store = new Store { Fuel = 50 };
        var forever = new Linker().Instantiate(store, Countdown.Compile(Metered)).GetFunction<Action>("forever");
        Assert.Equal(TrapKind.FuelExhausted, Assert.Throws<Trap>(forever).Kind);
    }

    [Fact]
    public void What_is_compiled_without_metering_needs_none()
    {
        var store = new Store();
        new Linker().Instantiate(store, Countdown.Compile()).GetFunction<Action<int>>("run")(1_000);
        Assert.Equal(0, store.Fuel);
    }

    static long Used(int count)
    {
        const long plenty = 1_000_000;
        var store = new Store { Fuel = plenty };
        new Linker().Instantiate(store, Countdown.Compile(Metered)).GetFunction<Action<int>>("run")(count);
        return plenty - store.Fuel;
    }
}
