using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>Blocks, branches and what they carry.</summary>
public sealed class ControlTests
{
    [Fact]
    public void A_loop_may_swap_what_it_carries()
    {
        // fibonacci: (a, b) becomes (b, a + b)
        const string code = """
            i32.const 0 i32.const 1
            loop i32,i32->i32
              local.set 2 local.set 1 local.get 2 local.get 1 local.get 2 i32.add
              local.get 0 i32.const 1 i32.sub local.tee 0
              br_if 0
              drop
            end
            """;
        Assert.Equal(55, Guest.Function<Func<int, int>>("i32->i32", code, "i32,i32")(10));
    }

    [Fact]
    public void A_branch_not_taken_leaves_the_operands_it_would_have_carried()
    {
        const string code = "block i32 i32.const 7 local.get 0 br_if 0 i32.const 1 i32.add end";
        var run = Guest.Function<Func<int, int>>("i32->i32", code);
        Assert.Equal((7, 8), (run(1), run(0)));
    }

    [Fact]
    public void A_branch_drops_what_lies_below_its_operands()
    {
        const string code = "block i32 i32.const 1 i32.const 2 i32.const 3 local.get 0 br_if 0 drop drop end";
        var run = Guest.Function<Func<int, int>>("i32->i32", code);
        Assert.Equal((3, 1), (run(1), run(0)));
    }

    [Fact]
    public void A_branch_table_carries_an_operand_to_each_of_its_labels()
    {
        const string code = """
            block i32
              block i32
                block i32
                  i32.const 10 local.get 0 br_table 0,1,2
                end
                i32.const 1 i32.add
              end
              i32.const 2 i32.add
            end
            """;
        var run = Guest.Function<Func<int, int>>("i32->i32", code);
        Assert.Equal([13, 12, 10, 10, 10], new[] { 0, 1, 2, 3, -1 }.Select(run));
    }

    [Fact]
    public void Both_arms_of_an_if_get_its_parameters()
    {
        const string code = "i32.const 5 i32.const 3 local.get 0 if i32,i32->i32 i32.sub else i32.mul end";
        var run = Guest.Function<Func<int, int>>("i32->i32", code);
        Assert.Equal((2, 15), (run(1), run(0)));
    }

    [Fact]
    public void An_if_without_else_hands_its_parameters_on()
    {
        const string code = "i32.const 5 local.get 0 if i32->i32 i32.const 1 i32.add end";
        var run = Guest.Function<Func<int, int>>("i32->i32", code);
        Assert.Equal((6, 5), (run(1), run(0)));
    }

    [Fact]
    public void An_operand_below_a_block_keeps_its_value_whatever_the_block_assigns()
    {
        const string code = "local.get 0 block local.get 0 br_if 0 i32.const 9 local.set 0 end local.get 0 i32.add";
        var run = Guest.Function<Func<int, int>>("i32->i32", code);
        Assert.Equal((9, 4), (run(0), run(2)));
    }

    [Fact]
    public void An_operand_keeps_its_value_when_its_local_is_assigned()
    {
        const string code = "local.get 0 local.get 0 i32.const 100 local.set 0 i32.add local.get 0 i32.sub";
        Assert.Equal(-90, Guest.Function<Func<int, int>>("i32->i32", code)(5));
    }

    [Fact]
    public void Operands_are_evaluated_in_their_order()
    {
        // local.get 0 is on the left of a difference whose right side a call computes
        var instance = Guest.Start(new ModuleText().Function("run", "i32->i32", "local.get 0 local.get 0 call 1 i32.sub").Function(null, "i32->i32", "local.get 0 i32.const 3 i32.mul"));
        Assert.Equal(-20, instance.GetFunction<Func<int, int>>("run")(10));
    }

    [Fact]
    public void Code_that_is_never_reached_may_be_anything_valid()
    {
        const string code = "block i32 local.get 0 return i32.add if br 0 else loop end end i32.const 1 i32.mul end";
        Assert.Equal(4, Guest.Function<Func<int, int>>("i32->i32", code)(4));
    }

    [Fact]
    public void Locals_begin_as_zero()
    {
        var run = Guest.Function<Func<long>>("->i64", "local.get 0 i64.extend_i32_s local.get 1 i64.add i64.const 5 local.set 1", "i32,i64");
        Assert.Equal((0L, 0L), (run(), run()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_branch_on_a_cast_leaves_what_is_below_its_block_for_the_other_ways(int taken)
    {
        const string code = "i64.const 5 local.get 0 if block structref ref.null any br_on_cast 0 null:any null:struct drop ref.null struct end drop end";
        Assert.Equal(5L, Guest.Function<Func<int, long>>("i32->i64", code)(taken));
    }
}
