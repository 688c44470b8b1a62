using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>A module of one function, ready to be called.</summary>
static class Guest
{
    /// <summary>The function <c>run</c> of the given code as a delegate.</summary>
    public static TDelegate Function<TDelegate>(string signature, string code, string locals = "")
        where TDelegate : Delegate => Instance(signature, code, locals).GetFunction<TDelegate>("run");

    /// <summary>An instance with one page of memory and a table of four functions' places beside the function <c>run</c>.</summary>
    public static Instance Instance(string signature, string code, string locals = "") =>
        Start(new ModuleText().Memory(1, 2, export: "memory").Table(4, 8, export: "table").Function("run", signature, code, locals));

    public static Instance Start(ModuleText module) => new Linker().Instantiate(new Store(), module.Compile());

    public static TrapKind TrapOf(Action call) => Assert.Throws<Trap>(call).Kind;
}
