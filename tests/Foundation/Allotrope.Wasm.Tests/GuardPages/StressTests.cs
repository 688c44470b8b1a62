using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>Very many faults on several threads, while garbage of all generations is collected.</summary>
public sealed class StressTests
{
    const int Threads = 4;

    /// <summary>Writes a number and then loads where nothing is, in one of several shapes, two calls deep.</summary>
    static readonly ModuleText Module = new ModuleText().Memory(1, export: "memory")
        .Function("load", "i32,i32->i32", "i32.const 0 local.get 1 i32.store local.get 0 i32.load")
        .Function("drop", "i32,i32->i32", "i32.const 0 local.get 1 i32.store local.get 0 v128.load drop i32.const 0")
        .Function("store", "i32,i32->i32", "i32.const 0 local.get 1 i32.store local.get 0 f64.const 1 f64.store i32.const 0")
        .Function("deep", "i32,i32->i32", "local.get 0 local.get 1 call 0")
        .Function("loop", "i32,i32->i32", """
            i32.const 0 local.get 1 i32.store
            loop local.get 0 i32.load8_u drop local.get 0 i32.const 4096 i32.add local.tee 0 br_if 0 end i32.const 0
            """);

    [Fact]
    public void Thousands_of_faults_are_thousands_of_traps() => Run(faultsOnEach: 2_000);

    [Fact(Explicit = true)]
    public void Hundreds_of_thousands_of_faults_are_as_many_traps() => Run(faultsOnEach: 200_000);

    static void Run(int faultsOnEach)
    {
        var module = Module.Compile(Guarded.Options);
        var wrong = 0;
        var threads = Enumerable.Range(0, Threads).Select(seed => new Thread(() => Interlocked.Add(ref wrong, WrongOf(module, seed, faultsOnEach)))).ToList();
        threads.ForEach(thread => thread.Start());
        while (threads.Any(thread => !thread.Join(TimeSpan.FromMilliseconds(5)))) GC.Collect();
        Assert.Equal(0, wrong);
    }

    static int WrongOf(Module module, int seed, int faults)
    {
        using var store = new Store();
        var instance = new Linker().Instantiate(store, module);
        var memory = instance.GetMemory("memory");
        var functions = new[] { "load", "drop", "store", "deep", "loop" }.Select(instance.GetFunction<Func<int, int, int>>).ToArray();
        var random = new Random(seed);
        var wrong = 0;
        for (var i = 1; i <= faults; i++)
        {
            var garbage = new byte[random.Next(200)];
            try
            {
                functions[i % functions.Length](random.Next(65_536, int.MaxValue), i);
                wrong++;
            }
            catch (Trap trap) when (trap.Kind == TrapKind.MemoryOutOfBounds && memory.Read<int>(0) == i)
            {
                GC.KeepAlive(garbage);
            }
        }

        return wrong;
    }
}
