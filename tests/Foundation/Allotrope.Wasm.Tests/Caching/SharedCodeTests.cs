using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Caching;

/// <summary>Modules that differ in their data alone, as programs do that are shipped in the memory of one engine, have the same machine code.</summary>
public sealed class SharedCodeTests : IDisposable
{
    readonly CacheWorld _world = new();

    public void Dispose() => _world.Dispose();

    static byte[] Program(byte answer) => new ModuleText().Memory(1)
        .Function("run", "->i32", "i32.const 8 i32.load8_u").Function("set", "i32->", "i32.const 8 local.get 0 i32.store8").BytesAt("i32.const 8", [answer]).Build();

    [Fact]
    public void They_share_it_while_one_is_in_use_and_nothing_else()
    {
        var options = new CompileOptions { Cache = _world.Open() };
        Module one = Module.Compile(Program(1), options), other = Module.Compile(Program(2), options);

        Assert.Same(one.Code, other.Code);
        Assert.Equal((1, 1), (options.Cache!.Hits, options.Cache.Misses));
        using var store = new Store();
        var linker = new Linker();
        Instance first = linker.Instantiate(store, one), second = linker.Instantiate(store, other);
        first.GetFunction<Action<int>>("set")(3);
        Assert.Equal((3, 2), (first.GetFunction<Func<int>>("run")(), second.GetFunction<Func<int>>("run")()));
        Assert.Equal((1, 2), (Run(one), Run(other)));
        Assert.NotEqual(one.Digest, other.Digest);
    }

    [Fact]
    public void Other_options_and_other_code_are_not_shared()
    {
        var options = new CompileOptions { Cache = _world.Open() };
        var module = Module.Compile(Program(1), options);

        Assert.NotSame(module.Code, Module.Compile(Program(1), options with { Fuel = true }).Code);
        Assert.NotSame(module.Code, Module.Compile(CacheWorld.Binary, options).Code);
    }

    [Fact]
    public async Task Both_can_be_suspended()
    {
        var options = new CompileOptions { Cache = _world.Open(), Suspendable = SuspendableImports.All };
        static byte[] Asking(byte more) => new ModuleText().Import("host", "ask", "->i32").Memory(1)
            .Function("run", "->i32", "call 0 i32.const 8 i32.load8_u i32.add").BytesAt("i32.const 8", [more]).Build();
        Module one = Module.Compile(Asking(1), options), other = Module.Compile(Asking(2), options);
        Assert.Same(one.Code, other.Code);
        var (answer, linker) = (new TaskCompletionSource<int>(), new Linker());
        linker.Define("host", "ask", () => new ValueTask<int>(answer.Task));
        using Store here = new(), there = new();
        var first = linker.Instantiate(here, one).GetFunction<Func<ValueTask<int>>>("run")().AsTask();
        var second = linker.Instantiate(there, other).GetFunction<Func<ValueTask<int>>>("run")().AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted);

        answer.SetResult(40);
        Assert.Equal((41, 42), (await first, await second));
    }

    [Fact]
    public void It_goes_with_the_last_of_them()
    {
        var cache = _world.Open();
        var code = Use(cache);
        for (var i = 0; i < 20 && code.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(code.IsAlive);
        Assert.Equal(3, Run(Module.Compile(Program(3), new CompileOptions { Cache = cache })));
        Assert.Equal(1, cache.Misses);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference Use(CodeCache cache)
    {
        Module one = Module.Compile(Program(1), new CompileOptions { Cache = cache }), other = Module.Compile(Program(2), new CompileOptions { Cache = cache });
        Assert.Equal((1, 2), (Run(one), Run(other)));
        return new WeakReference(one.Code.Code);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int Run(Module module)
    {
        using var store = new Store();
        return new Linker().Instantiate(store, module).GetFunction<Func<int>>("run")();
    }
}
