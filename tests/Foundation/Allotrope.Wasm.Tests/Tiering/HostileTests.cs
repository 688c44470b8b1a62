using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Tiering;

/// <summary>Modules that want to be compiled without end, or nest without end while they change over.</summary>
public sealed class HostileTests
{
    const int Loops = 40;

    /// <summary>All of a function is compiled for each of its loops that is entered: as many times as it has loops would be much work for a small module.</summary>
    [Fact]
    public async Task Few_loops_of_a_function_can_be_entered()
    {
        const string loop = "loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end ";
        var module = new ModuleText().Function("run", "i32->", string.Concat(Enumerable.Repeat(loop, Loops))).Compile(Changing.Soon);
        var (loops, hot) = (module.Steps.At(0).Loops, module.Steps.Hot!);
        Assert.Equal(Loops, loops.Length);
        hot.Ask(0);
        for (var round = 0; round < Loops; round++)
        {
            foreach (var each in loops) hot.Ask(0, each);
            await module.WhenSettledAsync();
        }

        Assert.InRange(loops.Count(each => each.Entry != 0), 2, HotLoop.MostEntered);
    }

    /// <summary>Each frame is interpreted, compiled, or compiled from the middle of its loop on, by chance.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Recursion_that_changes_between_the_tiers_traps(int seed, bool isDeterministic)
    {
        const int functions = 64;
        var text = new ModuleText().Table(functions).Elements(0, [.. Enumerable.Range(0, functions)]);
        for (var i = 0; i < functions; i++)
        {
            text.Function(i == 0 ? "run" : null, "i32->i32", $"""
                loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const {i % 7} i32.lt_u br_if 0
                local.get 0 i32.const {(i * 2) + 1} i32.add local.tee 0 local.get 0 i32.const {functions - 1} i32.and call_indirect i32->i32 br_if 0 end i32.const 1
                """, "i32");
        }

        var module = text.Compile(new CompileOptions { Tier = Tier.Tiered, Deterministic = isDeterministic, Warming = new(Threshold: 5_000, IsAtOnce: true, (uint)seed) });
        var run = new Linker().Instantiate(new Store(), module).GetFunction<Func<int, int>>("run");
        for (var i = 0; i < 5; i++)
            Assert.Equal(TrapKind.StackExhausted, Assert.Throws<Trap>(() => run(i)).Kind);
        Assert.InRange(module.CompiledFunctions, 1, functions);
    }
}
