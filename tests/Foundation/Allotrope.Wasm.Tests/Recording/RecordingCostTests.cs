using System.Diagnostics;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Recording;

/// <summary>Prints what snapshots and recordings cost; explicit, as figures are no facts.</summary>
public sealed class RecordingCostTests(ITestOutputHelper output)
{
    const int Rounds = 11;

    [Theory(Explicit = true)]
    [InlineData(16)]
    [InlineData(256)]
    public void What_it_costs(uint pages)
    {
        var text = new ModuleText().Import("env", "read", "i32,i32->i32").Memory(pages, export: "memory")
            .Function("run", "->i32", string.Concat(Enumerable.Repeat("i32.const 64 i32.const 32 call 0 drop ", 10)) + "i32.const 1");
        var linker = new Linker().Define("env", "read", (Instance caller, int at, int length) =>
        {
            caller.GetMemory("memory").Slice((ulong)at, length).Fill(1);
            return length;
        });
        var module = text.Compile();
        var plain = linker.Instantiate(new Store(), module);
        var recorder = new Recorder();
        var recorded = linker.Instantiate(new Store(), module, recorder);
        // Every eighth 4 KiB has been written to, as after some work
        for (var at = 0; at < recorded.GetMemory("memory").Span.Length; at += 32_768)
            recorded.GetMemory("memory").Slice((ulong)at, 2048).Fill(7);
        var (call, idle) = (plain.GetFunction<Func<int>>("run"), recorded.GetFunction<Func<int>>("run"));
        output.WriteLine($"memory of {pages / 16.0:0} MiB, call with 10 host calls of 32 bytes each");
        Print("call without recorder", () => call());
        Print("call with an idle recorder", () => idle());
        Print("recorded and discarded", () =>
        {
            recorder.Begin();
            idle();
            recorder.Discard();
        });
        Print("begin and discard", () =>
        {
            recorder.Begin();
            recorder.Discard();
        });
        byte[] record = [], snapshot = [];
        Print("recorded, ended, as a file", () =>
        {
            recorder.Begin();
            idle();
            record = recorder.End().ToArray();
        });
        Print("snapshot as a file", () => snapshot = Snapshot.Capture(recorded).ToArray());
        Print("restore", () =>
        {
            using var store = new Store();
            Snapshot.Read(snapshot).Restore(store, module, linker);
        });
        var read = CallRecord.Read(record);
        Print("replay", () => Replay.Run(read, module));
        output.WriteLine($"record {record.Length} bytes, snapshot {snapshot.Length} bytes");
    }

    /// <summary>The median of some rounds.</summary>
    void Print(string what, Action action)
    {
        var microseconds = new double[Rounds];
        for (var round = -3; round < Rounds; round++)
        {
            var (clock, repeats) = (Stopwatch.StartNew(), 0);
            do
            {
                action();
                repeats++;
            }
            while (clock.ElapsedMilliseconds < 20);
            if (round >= 0)
                microseconds[round] = clock.Elapsed.TotalMicroseconds / repeats;
        }

        Array.Sort(microseconds);
        output.WriteLine($"{what,-30} {microseconds[Rounds / 2],10:0.00} us");
    }
}
