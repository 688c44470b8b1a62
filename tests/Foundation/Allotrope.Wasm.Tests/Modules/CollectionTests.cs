using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Modules;

/// <summary>A node replaces modules for as long as it runs: what is dropped must go.</summary>
public sealed class CollectionTests
{
    [Fact]
    public void The_code_of_a_dropped_module_is_unloaded()
    {
        var code = RunAndDrop();
        AssertCollected(code);
    }

    [Fact]
    public void A_module_that_trapped_is_unloaded_once_its_trap_is_forgotten()
    {
        var code = TrapAndDrop();
        AssertCollected(code);
    }

    [Fact]
    public void A_module_with_types_objects_and_exceptions_is_unloaded()
    {
        var (code, type) = MakeObjectsAndDrop();
        AssertCollected(code);
        AssertCollected(type);
    }

    /// <summary>Each module has a type that extends one of the module before, so classes of structs made at one time extend earlier ones.</summary>
    [Fact]
    public Task Types_that_extend_those_of_the_module_before_keep_none_of_them() =>
        OwnProcess.RunExplicitAsync(typeof(CollectionTests), nameof(Classes_of_structs_go_with_their_modules), new Dictionary<string, string>());

    [Fact(Explicit = true)]
    public void Classes_of_structs_go_with_their_modules()
    {
        const int modules = 1_000, few = 6;
        string[] kinds = ["i32", "i64", "f32", "f64"];
        var (last, most) = ("i32", 0);
        for (var i = 0; i < modules; i++)
        {
            var fields = string.Join(',', Enumerable.Range(0, 6).Select(place => kinds[(i >> (2 * place)) % kinds.Length]));
            Make(last, fields);
            last = fields;
            if (i % 100 != 99) continue;
            for (var round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            most = Math.Max(most, AppDomain.CurrentDomain.GetAssemblies().Count(assembly => assembly.IsCollectible));
        }

        Assert.InRange(most, 0, few);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Make(string last, string fields) => new ModuleText()
        .Types($"open struct:{last}").Types($"sub=0 struct:{last},i32,i32").Types($"open struct:{fields}")
        .Function("run", "->", "struct.new_default 0 drop struct.new_default 1 drop struct.new_default 2 drop").Compile();

    [Fact]
    public void A_function_keeps_its_instance_alive()
    {
        var run = new Linker().Instantiate(new Store(), Counter()).GetFunction<Func<int>>("run");
        for (var round = 1; round <= 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(round, run());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference RunAndDrop()
    {
        using var store = new Store();
        var module = Counter();
        Assert.Equal(1, new Linker().Instantiate(store, module).GetFunction<Func<int>>("run")());
        return new WeakReference(module.Code.Code);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference TrapAndDrop()
    {
        using var store = new Store();
        var module = new ModuleText().Function("run", "->", "unreachable").Compile();
        Assert.Single(Assert.Throws<Trap>(new Linker().Instantiate(store, module).GetFunction<Action>("run")).WasmStack);
        return new WeakReference(module.Code.Code);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static (WeakReference Code, WeakReference Type) MakeObjectsAndDrop()
    {
        using var store = new Store();
        var module = new ModuleText().Types("struct:i32,null:1,f32,f32,i64", "array:mut_null:0").Types("ref:0->i32").Tag("ref:0->")
            .Table(1).Elements(0, 0).Global("null:1", "i32.const 3 array.new_default 1")
            .Function(null, "ref:0->i32", "local.get 0 struct.get 0 0")
            .Function("run", "->i32", "block ref:0 try_table catch:0:0 i32.const 5 global.get 0 f32.const 1 f32.const 2 i64.const 3 struct.new 0 throw 0 end unreachable end ref.func 0 return_call_ref 2")
            .Compile();
        Assert.Equal(5, new Linker().Instantiate(store, module).GetFunction<Func<int>>("run")());
        return (new WeakReference(module.Code.Code), new WeakReference(module.Types[0]));
    }

    /// <summary>Counts its calls in its memory.</summary>
    static Module Counter() => new ModuleText().Memory(1)
        .Function("run", "->i32", "i32.const 0 i32.const 0 i32.load i32.const 1 i32.add i32.store i32.const 0 i32.load").Compile();

    static void AssertCollected(WeakReference code)
    {
        for (var round = 0; code.IsAlive && round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(code.IsAlive, "the module's code is still loaded");
    }
}
