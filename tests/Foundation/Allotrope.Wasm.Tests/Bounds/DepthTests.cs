using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Bounds;

public sealed class DepthTests
{
    /// <summary>Counts its calls in a global and calls itself for ever.</summary>
    static readonly ModuleText Endless = new ModuleText().Global(ValueKind.I32, "i32.const 0", mutable: true, export: "depth")
        .Function("run", "->", "global.get 0 i32.const 1 i32.add global.set 0 call 0 global.get 0 drop");

    [Theory]
    [InlineData("call 0")]
    [InlineData("call 1")]
    [InlineData("i32.const 0 call_indirect ->")]
    public void Endless_recursion_traps(string recursion)
    {
        var instance = Start(new ModuleText().Table(1).Elements(0, 0).Function("run", "->", recursion).Function(null, "->", "call 0"));
        var run = instance.GetFunction<Action>("run");
        for (var again = 0; again < 3; again++) Assert.Equal(TrapKind.StackExhausted, Assert.Throws<Trap>(run).Kind);
    }

    [Fact]
    public void More_stack_means_deeper_calls()
    {
        var depths = new List<int>();
        foreach (var bytes in new[] { 32 << 10, 64 << 10, 128 << 10 })
        {
            var instance = new Linker().Instantiate(new Store(new StoreLimits { StackBytes = bytes }), Endless.Compile());
            Assert.Throws<Trap>(instance.GetFunction<Action>("run"));
            depths.Add(instance.GetGlobal("depth").Value.AsInt32());
        }
        Assert.InRange(depths[1], depths[0] * 3 / 2, depths[0] * 3);
        Assert.InRange(depths[2], depths[1] * 3 / 2, depths[1] * 3);
    }

    [Fact]
    public void A_thread_with_little_stack_is_not_overrun()
    {
        var instance = new Linker().Instantiate(new Store(new StoreLimits { StackBytes = 64 << 20 }), Endless.Compile());
        Trap? trap = null;
        var thread = new Thread(() => trap = Assert.Throws<Trap>(instance.GetFunction<Action>("run")), maxStackSize: 512 << 10);
        thread.Start();
        thread.Join();
        Assert.Equal(TrapKind.StackExhausted, trap!.Kind);
    }

    [Fact]
    public void A_frame_of_many_variables_counts_with_its_size()
    {
        const int variables = 5_000;
        var locals = string.Join(',', Enumerable.Repeat("i64", variables));
        var keep = string.Concat(Enumerable.Range(0, variables).Select(i => $"local.get {i} call 1 local.set {i} "));
        var use = string.Concat(Enumerable.Range(0, variables).Select(i => $"local.get {i} drop "));
        var instance = Start(new ModuleText().Function("run", "->", $"{keep} call 0 {use}", locals).Function(null, "i64->i64", "local.get 0"));
        Assert.Equal(TrapKind.StackExhausted, Assert.Throws<Trap>(instance.GetFunction<Action>("run")).Kind);
    }

    static Instance Start(ModuleText module) => new Linker().Instantiate(new Store(), module.Compile());
}
