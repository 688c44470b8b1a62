using Allotrope.Wasm.Tests.Assembly;
using Allotrope.Wasm.Tests.Instructions;

namespace Allotrope.Wasm.Tests.Modules;

public sealed class BranchHintTests
{
    const string Section = "metadata.code.branch_hint";

    /// <summary>One hint for the branch at byte 5 of function 0; or bytes that are no hints at all.</summary>
    [Theory]
    [InlineData(new byte[] { 1, 0, 1, 5, 1, 1 })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0x0f })]
    [InlineData(new byte[] { })]
    public void Hints_change_nothing_whatever_they_say(byte[] hints)
    {
        var module = new ModuleText().Function("run", "i32->i32", "local.get 0 if i32.const 1 return end i32.const 2").Custom(Section, hints);
        var run = Guest.Start(module).GetFunction<Func<int, int>>("run");
        Assert.Equal((1, 2), (run(1), run(0)));
        Assert.Equal(hints, module.Compile().CustomSection(Section)!.Value.ToArray());
    }
}
