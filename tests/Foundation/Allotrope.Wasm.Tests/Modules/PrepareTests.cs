using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Modules;

public sealed class PrepareTests
{
    [Fact]
    public void A_prepared_module_works_like_any_other()
    {
        var module = new ModuleText().Import("env", "f", "->i32").Function("run", "->i32", "call 0 call 2 i32.add").Function(null, "->i32", "i32.const 2").Compile();
        module.Prepare();
        Assert.Equal(42, new Linker().Define("env", "f", () => 40).Instantiate(new Store(), module).GetFunction<Func<int>>("run")());
    }
}
