using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>Addresses of memories that ended are used again, and nothing of what was there is seen.</summary>
public sealed class SpareReservationTests
{
    static readonly byte[] Contents = [.. Enumerable.Repeat((byte)7, 40_000)];

    [Fact]
    public void A_memory_begins_with_zeros_and_traps_at_its_end_whatever_was_there_before()
    {
        var large = new ModuleText().Memory(3, export: "memory").Bytes(10, Contents).Compile(Guarded.Options);
        var small = new ModuleText().Memory(1, export: "memory").Function("load", "i32->i32", "local.get 0 i32.load").Compile(Guarded.Options);
        for (var round = 0; round < 20; round++)
        {
            using (var store = new Store())
            {
                var memory = new Linker().Instantiate(store, large).GetMemory("memory");
                Assert.True(memory.TryGrow(2));
                memory.Span.Fill(9);
            }

            using var other = new Store();
            var instance = new Linker().Instantiate(other, small);
            Assert.True(instance.GetMemory("memory").Span.IndexOfAnyExcept((byte)0) < 0);
            var load = instance.GetFunction<Func<int, int>>("load");
            Assert.Equal(0, load(Memory.PageBytes - 4));
            foreach (var address in new[] { Memory.PageBytes, 2 * Memory.PageBytes, 4 * Memory.PageBytes, -4 })
                Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => load(address)).Kind);
        }
    }
}
