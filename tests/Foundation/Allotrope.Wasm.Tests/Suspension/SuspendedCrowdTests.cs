using System.Diagnostics;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Suspension;

/// <summary>Many guests that wait at a time.</summary>
public sealed class SuspendedCrowdTests(ITestOutputHelper output)
{
    const int Guests = 5_000, Depth = 20, MostThreads = 50, MostBytesEach = 200 << 10;

    [Fact]
    public async Task Five_thousand_wait_in_few_threads_and_little_memory()
    {
        var host = new Waits();
        var module = Waits.Guest().Memory(1)
            .Function("run", "i32,i64->i32", "local.get 0 i32.eqz if i32 i32.const 9 call 0 else local.get 0 i32.const 1 i32.sub local.get 1 call 3 local.get 1 i32.wrap_i64 i32.add end")
            .Compile(Waits.Options);
        var tasks = new List<Task<int>>();
        var (heap, resident) = (GC.GetTotalMemory(forceFullCollection: true), Resident());
        for (var guest = 0; guest < Guests; guest++)
            tasks.Add(host.Linker.Instantiate(new Store(), module).GetFunction<Func<int, long, ValueTask<int>>>("run")(Depth, 2).AsTask());
        var threads = Threads();
        var (heapEach, residentEach) = ((GC.GetTotalMemory(forceFullCollection: true) - heap) / Guests, (Resident() - resident) / Guests);
        Assert.Equal(Guests, host.Open);
        Assert.DoesNotContain(tasks, task => task.IsCompleted);
        output.WriteLine($"{Guests} guests suspended {Depth + 1} calls deep: {threads} threads, {heapEach} bytes of the heap and {residentEach} resident bytes each");
        Assert.InRange(heapEach, 0, MostBytesEach);
        Assert.InRange(residentEach, long.MinValue, MostBytesEach);
        Assert.InRange(threads, 1, MostThreads);
        while (host.Open > 0) host.Answer(2);
        Assert.All(await Task.WhenAll(tasks), result => Assert.Equal(2 + (2 * Depth), result));
    }

    static int Threads()
    {
        using var self = Process.GetCurrentProcess();
        return self.Threads.Count;
    }

    static long Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
