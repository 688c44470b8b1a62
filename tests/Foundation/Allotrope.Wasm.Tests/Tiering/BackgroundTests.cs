using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Tiering;

/// <summary>What threads of the engine do for modules that begin interpreted.</summary>
public sealed class BackgroundTests
{
    const int Often = 1_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_compilation_of_a_dropped_module_ends()
    {
        var (module, image) = BeginAndDrop();
        while (module.IsAlive || image.IsAlive)
        {
            Cancellation.ThrowIfCancellationRequested();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task The_code_of_a_dropped_module_that_was_compiled_is_unloaded()
    {
        var code = await CompileAndDropAsync();
        for (var round = 0; code.Any(part => part.IsAlive) && round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(code, part => part.IsAlive);
    }

    [Fact]
    public async Task A_module_that_cannot_be_compiled_goes_on_interpreted_and_tells_why()
    {
        var text = new ModuleText().Function("run", "->i32", "i32.const 4");
        for (var i = 0; i < ModuleCompiler.MostMethods; i++) text.Function(null, "->", "");
        var binary = text.Build();
        var refusal = Assert.Throws<InvalidModuleException>(() => Module.Compile(binary, new CompileOptions { Tier = Tier.Compiled }));
        var module = Module.Compile(binary, Changing.Soon);
        var run = new Linker().Instantiate(new Store(), module).GetFunction<Func<int>>("run");
        for (var i = 0; i < Often; i++) run();
        await module.WhenSettledAsync();
        Assert.Equal((4, 0), (run(), module.CompiledFunctions));
        Assert.Equal(refusal.Message, module.CompilationFailure?.Message);
    }

    [Fact]
    public async Task Guests_on_several_threads_share_what_is_compiled()
    {
        var module = new ModuleText().Function("sum", "i32->i32", "loop local.get 1 local.get 0 i32.add local.set 1 local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end local.get 1", "i32")
            .Compile(Changing.Soon);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            var sum = new Linker().Instantiate(new Store(), module).GetFunction<Func<int, int>>("sum");
            for (var i = 0; i < Often; i++) Assert.Equal(5050, sum(100));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        await module.WhenSettledAsync();
        Assert.Equal(1, module.CompiledFunctions);
    }

    [Fact]
    public async Task Who_waits_for_the_end_of_a_dropped_modules_compilation_hears_of_it()
    {
        var settled = BeginAndWait();
        while (!settled.IsCompleted)
        {
            Cancellation.ThrowIfCancellationRequested();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.WhenAny(settled, Task.Delay(20, Cancellation));
        }

        await settled;
    }

    /// <summary>A module whose emission takes a while, from the moment when that was asked for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static (WeakReference Module, WeakReference Image) BeginAndDrop()
    {
        var module = Begin();
        return (new WeakReference(module), new WeakReference(module.Image));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static Task BeginAndWait() => Begin().WhenSettledAsync();

    static Module Begin()
    {
        var text = new ModuleText().Function("run", "->", "");
        var code = string.Concat(Enumerable.Repeat("local.get 0 i64.const 3 i64.mul local.set 0 ", 50)) + "local.get 0";
        for (var i = 0; i < 5_000; i++) text.Function(null, "i64->i64", code);
        var module = text.Compile(Changing.Soon);
        var run = new Linker().Instantiate(new Store(), module).GetFunction<Action>("run");
        for (var i = 0; i < Often; i++) run();
        return module;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static async Task<WeakReference[]> CompileAndDropAsync()
    {
        var module = new ModuleText().Function("run", "i32->i32", "loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end local.get 0").Compile(Changing.AtOnce);
        using (var store = new Store())
            Assert.Equal(0, new Linker().Instantiate(store, module).GetFunction<Func<int, int>>("run")(Often));
        await module.WhenSettledAsync();
        Assert.Equal(1, module.CompiledFunctions);
        return [new WeakReference(module), .. module.Steps.Hot!.Loaded.Select(code => new WeakReference(code.Code))];
    }
}
