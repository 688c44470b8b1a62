using System.Security.Cryptography;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Recording;

/// <summary>Damaged records whose checksum was made to fit are refused, go another way or play: nothing else, and nothing large is allocated.</summary>
public sealed class RecordFuzzTests
{
    const int Trials = 1_500;

    /// <summary>Compiling a damaged module, and a table as large as allowed.</summary>
    const long BytesAtMost = 32 << 20;

    static readonly StoreLimits Limits = new() { MemoryPages = 16, TableElements = 10_000, HeapBytes = 1 << 20, StackBytes = 64 << 10 };

    [Fact]
    public void A_damaged_record_is_refused_or_diverges_or_plays()
    {
        var whole = Whole();
        var module = Module.Compile(CallRecord.Read(whole).Module.Span);
        var random = new Random(20_261_121);
        var outcomes = new SortedDictionary<string, int>();
        for (var trial = 0; trial < Trials; trial++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var outcome = Try(Damage(whole, random), module);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesAtMost);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        Assert.Equal(["diverged", "played", "refused"], outcomes.Keys);
    }

    [Fact]
    public void A_flipped_bit_and_a_cut_are_refused()
    {
        var whole = Whole();
        for (var at = 0; at < whole.Length; at += 7)
        {
            var changed = whole.ToArray();
            changed[at] ^= 4;
            Assert.Throws<DamagedStateException>(() => CallRecord.Read(changed));
            Assert.Throws<DamagedStateException>(() => CallRecord.Read(whole.AsMemory(0, at)));
        }
    }

    static byte[] Whole()
    {
        var recorder = new Recorder();
        var linker = new Linker().Define("env", "fill", (Instance caller, int at) => "some bytes"u8.CopyTo(caller.GetMemory("memory").Slice((ulong)at, 10)))
            .Define("env", "back", (Instance caller) => caller.GetFunction<Func<int, int>>("twice")(4))
            .Define("env", "give", () => (object)"an object");
        var instance = linker.Instantiate(new Store(Limits), new ModuleText().Import("env", "fill", "i32->").Import("env", "back", "->i32").Import("env", "give", "->externref")
            .Memory(1, 4, export: "memory").Table(4, 10, export: "table").Global(ValueKind.I32, "i32.const 0", mutable: true, export: "global")
            .Function("twice", "i32->i32", "local.get 0 i32.const 2 i32.mul")
            .Function("run", "->i32", "i32.const 16 call 0 call 1 global.set 0 call 2 drop i32.const 20 i32.load global.get 0 i32.add").Compile(), recorder);
        recorder.Begin();
        instance.GetMemory("memory").Write(9, 5L);
        instance.GetTable("table")[2] = instance.GetFunction("run");
        instance.GetFunction<Func<int>>("run")();
        return recorder.End().ToArray();
    }

    static string Try(byte[] bytes, Module module)
    {
        try
        {
            var record = CallRecord.Read(bytes);
            // A damaged module is what other tests try; here it is kept most of the time, as compiling takes long.
            return Replay.Run(record.Of(module), module, Limits, stop: new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token).Divergence is null ? "played" : "diverged";
        }
        catch (Exception refusal) when (refusal is DamagedStateException or SnapshotException or LinkException)
        {
            return "refused";
        }
    }

    static byte[] Damage(byte[] whole, Random random)
    {
        var body = whole[..^SHA256.HashSizeInBytes].ToList();
        var module = body.Count / 4; // most of the module's bytes are before this
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(random.Next(4) == 0 ? 14 : module, body.Count);
            switch (random.Next(4))
            {
                case 0: body[at] = (byte)random.Next(256); break;
                case 1: body[at] = (byte)random.Next(10); break;
                case 2: body.Insert(at, (byte)random.Next(256)); break;
                default: body.RemoveAt(at); break;
            }
        }

        return [.. body, .. SHA256.HashData(body.ToArray())];
    }
}
