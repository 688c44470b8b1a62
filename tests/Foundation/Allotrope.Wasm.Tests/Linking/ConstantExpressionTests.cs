using Allotrope.Wasm.Tests.Assembly;
using Allotrope.Wasm.Tests.Instructions;

namespace Allotrope.Wasm.Tests.Linking;

public sealed class ConstantExpressionTests
{
    [Fact]
    public void A_global_may_be_computed_from_those_before_it()
    {
        var instance = Guest.Start(new ModuleText()
            .Global(ValueKind.I32, "i32.const 7")
            .Global(ValueKind.I32, "global.get 0 i32.const 6 i32.mul i32.const 2 i32.sub", export: "g")
            .Function("run", "->i32", "global.get 1"));
        Assert.Equal(40, instance.GetGlobal("g").Value.AsInt32());
        Assert.Equal(40, instance.GetFunction<Func<int>>("run")());
    }

    [Theory]
    [InlineData("global.get 1")]
    [InlineData("global.get 0 i32.const 1 i32.add")]
    [InlineData("i32.const 1 i32.const 2")]
    [InlineData("i32.add")]
    [InlineData("i32.const 1 i64.const 2 i32.add")]
    [InlineData("i32.const 1 i32.const 2 i32.xor")]
    public void An_expression_that_depends_on_later_things_or_does_not_add_up_is_refused(string expression) =>
        Assert.Throws<InvalidModuleException>(() =>
            new ModuleText().Global(ValueKind.I32, expression).Global(ValueKind.I32, "i32.const 1").Compile());

    [Fact]
    public void A_very_long_expression_costs_no_more_than_its_bytes()
    {
        var expression = string.Concat(Enumerable.Repeat("i32.const 1 ", 50_000)) + string.Concat(Enumerable.Repeat("i32.add ", 49_999));
        var instance = Guest.Start(new ModuleText().Global(ValueKind.I32, expression, export: "g"));
        Assert.Equal(50_000, instance.GetGlobal("g").Value.AsInt32());
    }
}
