using System.Security.Cryptography;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Snapshots;

/// <summary>Damaged snapshots whose checksum was made to fit are refused or restored: nothing else, and nothing large is allocated.</summary>
public sealed class SnapshotFuzzTests
{
    const int Trials = 3_000;

    /// <summary>A table as large as the store allows, a few pages, and the machinery.</summary>
    const long BytesAtMost = 16 << 20;

    static readonly StoreLimits Limits = new() { MemoryPages = 16, TableElements = 10_000, HeapBytes = 1 << 20 };

    [Fact]
    public void A_damaged_snapshot_is_refused_or_is_another_state()
    {
        var module = new ModuleText().Types("struct:mut_i32,mut_anyref,mut_i8").Types("array:mut_anyref").Types("array:mut_f64").Tag("i32,anyref->")
            .Memory(1, 4, export: "memory").Table(10, 100).Elements(0, 0, 1).Passive(1, 2, 3).DataCount(1)
            .Global(ValueKind.AnyRef, "ref.null any", mutable: true).Global(ValueKind.I32, "i32.const 5", mutable: true)
            .Function("make", "->", """
                i32.const 1 ref.null any i32.const 200 struct.new 0 local.tee 0 ref.cast 0 local.get 0 struct.set 0 1
                local.get 0 f64.const 2.5 i32.const 3 array.new 2 i32.const 7 ref.i31 array.new_fixed 1 3 global.set 0
                i32.const 5000 i32.const -1 i32.store
                """, locals: "anyref")
            .Function("other", "->", "").Compile();
        var instance = new Linker().Instantiate(new Store(Limits), module);
        instance.GetFunction<Action>("make")();
        var whole = Snapshot.Capture(instance).ToArray();
        var (refused, restored) = (0, 0);
        var random = new Random(20_261_121);
        for (var trial = 0; trial < Trials; trial++)
        {
            var bytes = Damage(whole, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var store = new Store(Limits);
            try
            {
                var made = Snapshot.Read(bytes).Restore(store, module, new Linker());
                made.GetFunction<Action>("make")();
                Snapshot.Capture(made);
                restored++;
            }
            catch (Exception refusal) when (refusal is DamagedStateException or SnapshotException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesAtMost);
        }

        Assert.True(refused > 100 && restored > 100, $"{refused} refused, {restored} restored: the damage proves nothing");
    }

    static byte[] Damage(byte[] whole, Random random)
    {
        var body = whole[..^SHA256.HashSizeInBytes].ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(50, body.Count);
            switch (random.Next(4))
            {
                case 0: body[at] = (byte)random.Next(256); break;
                case 1: body[at] = random.Next(2) == 0 ? (byte)0xff : (byte)0; break;
                case 2: body.Insert(at, (byte)random.Next(256)); break;
                default: body.RemoveAt(at); break;
            }
        }

        return [.. body, .. SHA256.HashData(body.ToArray())];
    }
}
