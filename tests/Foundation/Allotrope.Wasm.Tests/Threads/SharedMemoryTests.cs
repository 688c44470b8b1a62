using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Threads;

/// <summary>One memory, several stores, each on a thread of its own.</summary>
public sealed class SharedMemoryTests
{
    static readonly StoreLimits Allowed = new() { Threads = true };

    /// <summary>wait for ever while address 0 holds zero; notify one; add one a thousand times.</summary>
    static readonly Module Guest = new ModuleText().ImportSharedMemory("host", "memory", 1, 4)
        .Function("wait", "i32,i64->i32", "i32.const 0 local.get 0 local.get 1 atomic:01")
        .Function("notify", "->i32", "i32.const 0 i32.const 1 atomic:00")
        .Function("add", "->", "loop i32.const 8 i32.const 1 atomic:1e drop local.get 0 i32.const 1 i32.add local.tee 0 i32.const 1000 i32.lt_s br_if 0 end", "i32")
        .Function("grow", "->i32", "i32.const 1 memory.grow")
        .Function("touch", "->", "i32.const 65536 i32.const 1 i32.store").Compile();

    readonly Memory _memory = new(new Store(Allowed), new Limits(1, 4) { IsShared = true });

    [Fact]
    public void No_addition_of_several_threads_is_lost()
    {
        var threads = Enumerable.Range(0, 4).Select(_ => Start(out var _, "add")).ToList();
        threads.ForEach(thread => thread.Join());
        Assert.Equal(4000, _memory.Read<int>(8));
    }

    [Fact]
    public void A_notification_wakes_a_thread_that_waits()
    {
        var result = -1;
        var thread = new Thread(() => result = Instantiate(new Store(Allowed)).GetFunction<Func<int, long, int>>("wait")(0, -1));
        thread.Start();
        var notify = Instantiate(new Store(Allowed)).GetFunction<Func<int>>("notify");
        while (notify() == 0) Thread.Yield();
        thread.Join();
        Assert.Equal(0, result);
        Assert.Equal(0, notify());
    }

    [Fact]
    public void A_wait_for_what_is_not_there_or_not_notified_ends_by_itself()
    {
        var wait = Instantiate(new Store(Allowed)).GetFunction<Func<int, long, int>>("wait");
        Assert.Equal(1, wait(7, -1));
        Assert.Equal(2, wait(0, 1));
        Assert.Equal(2, wait(0, 0));
    }

    [Fact]
    public void An_interruption_ends_a_wait()
    {
        var store = new Store(Allowed);
        var wait = Instantiate(store).GetFunction<Func<int, long, int>>("wait");
        Exception? end = null;
        var thread = new Thread(() => end = Record.Exception(() => wait(0, -1)));
        thread.Start();
        store.Interrupt();
        thread.Join();
        Assert.Equal(TrapKind.Interrupted, Assert.IsType<Trap>(end).Kind);
    }

    [Fact]
    public void What_one_store_grows_another_reaches_even_when_the_first_is_gone()
    {
        var first = new Store(Allowed);
        var second = Instantiate(new Store(Allowed));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(second.GetFunction<Action>("touch")).Kind);
        Assert.Equal(1, Instantiate(first).GetFunction<Func<int>>("grow")());
        first.Dispose();
        second.GetFunction<Action>("touch")();
        Assert.Equal(2u, _memory.PageCount);
    }

    [Fact]
    public void A_store_that_does_not_allow_threads_refuses_shared_memories()
    {
        Assert.Throws<LinkException>(() => Instantiate(new Store()));
        Assert.Throws<LinkException>(() => new Linker().Instantiate(new Store(), new ModuleText().SharedMemory(1, 2).Compile()));
    }

    [Fact]
    public void A_shared_memory_counts_with_its_maximum()
    {
        var store = new Store(Allowed with { MemoryPages = 3 });
        Assert.Throws<LinkException>(() => new Linker().Instantiate(store, new ModuleText().SharedMemory(1, 4).Compile()));
        Assert.NotNull(new Linker().Instantiate(store, new ModuleText().SharedMemory(1, 3).Compile()));
    }

    [Fact]
    public void A_memory_that_is_not_shared_does_not_serve_as_one() =>
        Assert.Throws<LinkException>(() =>
        {
            var store = new Store(Allowed);
            new Linker().Define("host", "memory", new Memory(store, new Limits(1, 4))).Instantiate(store, Guest);
        });

    [Fact]
    public void Threads_that_grow_it_at_once_get_pages_of_their_own()
    {
        const int threads = 4;
        const int each = 500;
        var module = new ModuleText().ImportSharedMemory("host", "memory", 1, 1 + (threads * each)).Function("grow", "->i32", "i32.const 1 memory.grow").Compile();
        var memory = new Memory(new Store(Allowed), new Limits(1, 1 + (threads * each)) { IsShared = true });
        var before = new System.Collections.Concurrent.ConcurrentBag<int>();
        using var together = new Barrier(threads);
        var all = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            var grow = new Linker().Define("host", "memory", memory).Instantiate(new Store(Allowed), module).GetFunction<Func<int>>("grow");
            together.SignalAndWait();
            for (var i = 0; i < each; i++) before.Add(grow());
        })).ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
        Assert.Equal(Enumerable.Range(1, threads * each), before.Order());
    }

    Instance Instantiate(Store store) => new Linker().Define("host", "memory", _memory).Instantiate(store, Guest);

    Thread Start(out Store store, string function)
    {
        store = new Store(Allowed);
        var run = Instantiate(store).GetFunction<Action>(function);
        var thread = new Thread(() => run());
        thread.Start();
        return thread;
    }
}
