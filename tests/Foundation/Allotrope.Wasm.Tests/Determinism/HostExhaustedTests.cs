using System.Runtime.InteropServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Determinism;

/// <summary>Where the machine has less than limits promise, a deterministic guest sees nothing of it: its host gets the exception.</summary>
public sealed partial class HostExhaustedTests
{
    const int DataLimit = 2; // RLIMIT_DATA

    static readonly CompileOptions Deterministic = new() { Deterministic = true };

    [Fact]
    public void More_kept_over_many_calls_than_the_heap_may_have()
    {
        var store = new Store(new StoreLimits { HeapBytes = 1 << 20 });
        var keep = Start(store, new ModuleText().Types("array:mut_i8").Table(200, element: ValueKind.AnyRef)
            .Function("run", "i32->i32", "local.get 0 i32.const 200000 array.new_default 0 table.set 0 i32.const 0"));
        var kept = Assert.Throws<HostExhaustedException>(() =>
        {
            for (var i = 0; i < 200; i++) keep(i);
        });
        Assert.Contains("HeapBytes", kept.Message);
    }

    [Fact]
    public void A_thread_with_less_stack_than_the_guest_was_promised()
    {
        var deep = new ModuleText().Function("run", "i32->i32", "local.get 0 i32.eqz if i32 i32.const 0 else local.get 0 i32.const 1 i32.sub call 0 end");
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() => Start(new Store(new StoreLimits { StackBytes = 64 << 20 }), deep)(500_000)), 512 << 10);
        thread.Start();
        thread.Join();
        Assert.Contains("stack is too small", Assert.IsType<HostExhaustedException>(thrown).Message);
    }

    [Fact]
    public void A_guest_cannot_catch_it()
    {
        var store = new Store();
        var linker = new Linker().Define("env", "fail", () => { throw new HostExhaustedException("no memory"); });
        var run = linker.Instantiate(store, new ModuleText().Import("env", "fail", "->")
            .Function("run", "->", "block try_table catch_all:0 call 0 end end").Compile(Deterministic)).GetFunction<Action>("run");
        Assert.Equal("no memory", Assert.Throws<HostExhaustedException>(run).Message);
    }

    [Fact]
    public async Task A_system_without_memory_for_more_pages()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The system's limit is set as on Linux.");
        await OwnProcess.RunExplicitAsync(typeof(HostExhaustedTests), nameof(In_a_process_of_its_own_without_memory), new Dictionary<string, string>());
    }

    /// <summary>Limits the whole process, for one call that allocates nothing else.</summary>
    [Fact(Explicit = true)]
    public void In_a_process_of_its_own_without_memory()
    {
        var text = new ModuleText().Memory(1).Function("run", "i32->i32", "local.get 0 memory.grow");
        var (strict, free) = (Start(new Store(), text), new Linker().Instantiate(new Store(), text.Compile()).GetFunction<Func<int, int>>("run"));
        Assert.Equal((1, 1), (strict(1), free(1)));
        Assert.Equal(0, getrlimit(DataLimit, out var before));
        Assert.Equal(0, setrlimit(DataLimit, before with { Now = 1 << 20 }));
        Exception? thrown = null;
        var answer = 0;
        try
        {
            answer = free(10_000);
            strict(10_000);
        }
        catch (HostExhaustedException e)
        {
            thrown = e;
        }
        finally
        {
            Assert.Equal(0, setrlimit(DataLimit, before));
        }

        Assert.Equal(-1, answer);
        Assert.Contains("no memory for 10000 more", thrown?.Message);
        Assert.Equal(2, strict(1)); // nothing was lost
    }

    static Func<int, int> Start(Store store, ModuleText text) => new Linker().Instantiate(store, text.Compile(Deterministic)).GetFunction<Func<int, int>>("run");

    record struct Limit(nuint Now, nuint Most);

    // getrlimit(2), setrlimit(2)
    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in Limit limit);
}
