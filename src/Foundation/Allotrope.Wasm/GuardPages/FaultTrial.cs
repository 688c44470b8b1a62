using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>What a process does that is there to try whether faults become traps: it has a guest fault, on several threads and while garbage is collected.</summary>
static unsafe partial class FaultTrial
{
    const int Passed = 0;
    const int Failed = 1;
    const int Threads = 2;
    const int Rounds = 50;
    const int CoreSize = 4; // RLIMIT_CORE

    /// <summary>
    /// <c>(memory 1)</c> and three functions of an address: "l" gives <c>i32.load</c>, "s" does <c>i32.store</c> of 1, "d" drops a <c>v128.load</c>.
    /// </summary>
    static ReadOnlySpan<byte> Guest =>
    [
        0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00, 0x01, 0x0A, 0x02, 0x60, 0x01, 0x7F, 0x01, 0x7F, 0x60, 0x01, 0x7F, 0x00,
        0x03, 0x04, 0x03, 0x00, 0x01, 0x01, 0x05, 0x03, 0x01, 0x00, 0x01, 0x07, 0x0D, 0x03, 0x01, 0x6C, 0x00, 0x00, 0x01, 0x73,
        0x00, 0x01, 0x01, 0x64, 0x00, 0x02, 0x0A, 0x1D, 0x03, 0x07, 0x00, 0x20, 0x00, 0x28, 0x02, 0x00, 0x0B, 0x09, 0x00, 0x20,
        0x00, 0x41, 0x01, 0x36, 0x02, 0x00, 0x0B, 0x09, 0x00, 0x20, 0x00, 0xFD, 0x00, 0x04, 0x00, 0x1A, 0x0B,
    ];

    /// <summary>The process's exit code. Where faults do not become traps, the runtime ends the process with another.</summary>
    internal static int Run()
    {
        var none = stackalloc long[2];
        _ = setrlimit(CoreSize, none); // nobody wants the remains of a trial
        GuardPages.IsTrial = true;
        if (!GuardPages.AreAvailable)
            return Failed;
        var module = Module.Compile(Guest, new CompileOptions { MemoryChecks = MemoryChecks.Guarded });
        var failures = 0;
        var threads = new Thread[Threads];
        for (var i = 0; i < Threads; i++)
        {
            threads[i] = new Thread(() => Interlocked.Add(ref failures, FailuresOf(module)));
            threads[i].Start();
        }

        foreach (var thread in threads)
        {
            GC.Collect();
            thread.Join();
        }

        return failures == 0 ? Passed : Failed;
    }

    static int FailuresOf(Module module)
    {
        using var store = new Store();
        var instance = new Linker().Instantiate(store, module);
        var load = instance.GetFunction<Func<int, int>>("l");
        var (store1, drop) = (instance.GetFunction<Action<int>>("s"), instance.GetFunction<Action<int>>("d"));
        var failures = 0;
        for (var round = 0; round < Rounds; round++)
        {
            failures += Traps(() => store1(round)) ? 1 : 0;
            failures += load(round) == 1 ? 0 : 1;
            failures += Traps(() => load(Memory.PageBytes - 3)) ? 0 : 1;
            failures += Traps(() => store1(-round - 1)) ? 0 : 1;
            failures += Traps(() => drop(Memory.PageBytes - 1)) ? 0 : 1;
        }

        return failures;
    }

    static bool Traps(Action call)
    {
        try
        {
            call();
            return false;
        }
        catch (Trap trap)
        {
            return trap.Kind == TrapKind.MemoryOutOfBounds && trap.WasmStack.Count == 1;
        }
    }

    // setrlimit(2)
    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, long* limits);
}
