using System.Text;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Hostile;

/// <summary>
/// Functions whose machine code needs hundreds of times more stack than their bytes suggest, called where a recursion has left little: that must
/// be a trap, not the end of the process.
/// </summary>
public sealed class FrameTests
{
    const int Carried = 64;
    const int ThreadBytes = 256 << 10;

    static readonly string Results = string.Join(',', Enumerable.Repeat("i64", Carried));
    static readonly string Values = Repeat("i64.const 1 ", Carried);
    static readonly string Drops = Repeat("drop ", Carried);

    [Fact]
    public void Blocks_that_carry_much_count_with_what_they_carry()
    {
        const int blocks = 900;
        var labels = string.Join(',', Enumerable.Range(0, blocks));
        TrapsOnASmallStack(Recursion().Function(null, "i32->",
            $"{Repeat($"block ->{Results} ", blocks)}{Values}local.get 0 br_table {labels} {Repeat("end ", blocks)}{Drops}"));
    }

    [Fact]
    public void Results_of_many_signatures_count_with_their_size()
    {
        const int signatures = 250;
        var calls = string.Concat(Enumerable.Range(2, signatures).Select(i => $"block call {i} br 0 end "));
        var module = Recursion().Function(null, "i32->", calls);
        for (var i = 0; i < signatures; i++)
        {
            var kinds = Enumerable.Range(0, Carried).Select(bit => bit < 9 && (i >> bit & 1) == 1 ? "f64" : "i64").ToList();
            module.Function(null, "->" + string.Join(',', kinds), string.Concat(kinds.Select(kind => $"{kind}.const 1 ")));
        }
        TrapsOnASmallStack(module);
    }

    [Fact]
    public void Many_returns_of_many_results_share_their_place() =>
        TrapsOnASmallStack(Recursion(Drops).Function(null, $"i32->{Results}", Values + Repeat("local.get 0 br_if 0 ", 1_000)));

    /// <summary>The just-in-time compiler gives each of so many vectors a place of its own.</summary>
    [Theory]
    [InlineData("local.get 1 local.get 1 f32x4.min local.set 1 ")]
    [InlineData("local.get 1 i32.const 3 i64x2.shr_s local.set 1 ")]
    [InlineData("local.get 1 i32x4.neg local.set 1 ")]
    [InlineData("local.get 1 local.get 1 i16x8.q15mulr_sat_s local.set 1 ")]
    public void Many_vector_instructions_count_with_what_each_may_keep(string instruction) =>
        TrapsOnASmallStack(Recursion().Function(null, "i32->", Repeat(instruction, 6_000), "v128"));

    [Fact]
    public void Vectors_as_variables_operands_and_results_count_twice()
    {
        var vectors = string.Join(',', Enumerable.Repeat("v128", Carried));
        var locals = string.Join(',', Enumerable.Repeat("v128", 3_000));
        TrapsOnASmallStack(Recursion()
            .Function(null, "i32->", $"{Repeat("call 2 ", 20)} {Repeat(Drops, 20)} local.get 0 call 0", locals)
            .Function(null, $"->{vectors}", Repeat("v128.const 1 2 ", Carried)));
    }

    [Fact]
    public void More_places_than_code_can_name_are_refused()
    {
        const int blocks = 1_100;
        var labels = string.Join(',', Enumerable.Range(0, blocks));
        var module = new ModuleText().Function(null, "i32->",
            $"{Repeat($"block ->{Results} ", blocks)}{Values}local.get 0 br_table {labels} {Repeat("end ", blocks)}{Drops}");
        Assert.Contains("places for variables", Assert.Throws<InvalidModuleException>(() => module.Compile()).Message);
    }

    [Fact]
    public void More_operands_than_anybody_needs_are_refused_before_they_fill_the_memory()
    {
        var module = new ModuleText().Function(null, "->", Repeat("call 1 ", 1_000) + "unreachable").Function(null, $"->{Results}", Values);
        Assert.Contains("operands at a time", Assert.Throws<InvalidModuleException>(() => module.Compile()).Message);
    }

    /// <summary>Function 0, which calls function 1 at every depth and then itself.</summary>
    static ModuleText Recursion(string afterwards = "") =>
        new ModuleText().Function("run", "i32->", $"local.get 0 call 1 {afterwards} local.get 0 call 0");

    static void TrapsOnASmallStack(ModuleText text)
    {
        var module = text.Compile();
        module.Prepare(); // the just-in-time compiler's own use of the stack is another matter
        var store = new Store(new StoreLimits { StackBytes = 64 << 20 });
        var run = new Linker().Instantiate(store, module).GetFunction<Action<int>>("run");
        Exception? end = null;
        var thread = new Thread(() => end = Record.Exception(() => run(0)), ThreadBytes);
        thread.Start();
        thread.Join();
        Assert.Equal(TrapKind.StackExhausted, Assert.IsType<Trap>(end).Kind);
    }

    static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}
