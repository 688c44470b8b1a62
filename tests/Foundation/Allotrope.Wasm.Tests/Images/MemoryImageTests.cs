using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Images;

/// <summary>From a module's second instance on, memories begin as a private mapping of their first contents: nobody may notice.</summary>
public sealed class MemoryImageTests
{
    const int Size = 40_000;
    const int Place = 70_001;

    static readonly byte[] Contents = Pattern(Size, seed: 7);

    [Fact]
    public void Later_instances_map_what_the_first_copies()
    {
        var module = new ModuleText().Memory(2, export: "memory").Bytes(Place, Contents).Compile();
        var memories = Enumerable.Range(0, 4).Select(_ => Instantiate(module).GetMemory("memory")).ToArray();
        foreach (var memory in memories)
        {
            Assert.Equal(Contents, memory.Slice(Place, Size).ToArray());
            Assert.True(memory.Slice(0, Place).IndexOfAnyExcept((byte)0) < 0);
            Assert.True(memory.Slice(Place + Size, (2 * Memory.PageBytes) - Place - Size).IndexOfAnyExcept((byte)0) < 0);
        }

        Assert.Null(memories[0].Image);
        Assert.All(memories[1..], memory => Assert.Equal(OperatingSystem.IsLinux(), memory.Image is not null));
    }

    [Fact]
    public void What_one_instance_writes_no_other_sees()
    {
        var module = new ModuleText().Memory(2, export: "memory").Bytes(Place, Contents).Compile();
        Instantiate(module);
        var (one, other) = (Instantiate(module).GetMemory("memory"), Instantiate(module).GetMemory("memory"));
        one.Slice(Place, Size).Fill(9);
        Assert.Equal(Contents, other.Slice(Place, Size).ToArray());
        Assert.Equal(Contents, Instantiate(module).GetMemory("memory").Slice(Place, Size).ToArray());
    }

    [Fact]
    public void A_mapped_memory_grows_by_zeros()
    {
        var module = new ModuleText().Memory(1, 3, export: "memory").Bytes(Memory.PageBytes - Size, Contents).Compile();
        Instantiate(module);
        var memory = Instantiate(module).GetMemory("memory");
        Assert.True(memory.TryGrow(2));
        Assert.Equal(Contents, memory.Slice(Memory.PageBytes - Size, Size).ToArray());
        Assert.True(memory.Slice(Memory.PageBytes, 2 * Memory.PageBytes).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void Of_segments_that_overlap_the_later_one_stays()
    {
        var module = new ModuleText().Memory(1, export: "memory").Bytes(0, Contents).Bytes(100, 1, 2, 3).Compile();
        Instantiate(module);
        Assert.Equal([Contents[99], 1, 2, 3, Contents[103]], Instantiate(module).GetMemory("memory").Slice(99, 5).ToArray());
    }

    [Fact]
    public void A_segment_that_does_not_fit_traps_in_every_instance_and_leaves_those_before_it()
    {
        var module = new ModuleText().ImportMemory("host", "memory", 1).Bytes(5, Contents).Bytes(Memory.PageBytes - 1, 1, 2).Bytes(0, 77).Compile();
        for (var round = 0; round < 3; round++)
        {
            using var store = new Store();
            var memory = new Memory(store, new Limits(1));
            var trap = Assert.Throws<Trap>(() => new Linker().Define("host", "memory", memory).Instantiate(store, module));
            Assert.Equal(TrapKind.MemoryOutOfBounds, trap.Kind);
            Assert.Equal(Contents, memory.Slice(5, Size).ToArray());
            Assert.Equal(0, memory.Read<byte>(0));
        }
    }

    [Fact]
    public void A_segment_whose_place_the_host_decides_is_copied_after_the_others()
    {
        var module = new ModuleText().ImportGlobal("host", "place", ValueKind.I32).Memory(1, export: "memory").DataCount(2).Bytes(0, Contents)
            .BytesAt("global.get 0", 1, 2, 3).Compile();
        foreach (var place in new[] { 10, 20, 30 })
        {
            var memory = new Linker().Define("host", "place", new Global(Value.FromInt32(place))).Instantiate(new Store(), module).GetMemory("memory");
            Assert.Equal([Contents[place - 1], 1, 2, 3, Contents[place + 3]], memory.Slice((ulong)place - 1, 5).ToArray());
        }

        Assert.Throws<Trap>(() =>
            new Linker().Define("host", "place", new Global(Value.FromInt32(Memory.PageBytes))).Instantiate(new Store(), module));
    }

    [Fact]
    public void Mapped_segments_are_dropped_and_passive_ones_stay()
    {
        var module = new ModuleText().Memory(1).DataCount(2).Bytes(0, Contents).Passive(4, 5, 6)
            .Function("again", "->", "i32.const 0 i32.const 0 i32.const 1 memory.init 0")
            .Function("passive", "->i32", "i32.const 0 i32.const 1 i32.const 2 memory.init 1 i32.const 0 i32.load16_u").Compile();
        Instantiate(module);
        var instance = Instantiate(module);
        Assert.Throws<Trap>(instance.GetFunction<Action>("again"));
        Assert.Equal(5 | (6 << 8), instance.GetFunction<Func<int>>("passive")());
    }

    [Fact]
    public void Only_memories_of_their_own_are_mapped()
    {
        var module = new ModuleText().ImportMemory("host", "memory", 1).Bytes(0, Contents).Compile();
        for (var round = 0; round < 3; round++)
        {
            using var store = new Store();
            var memory = new Memory(store, new Limits(1));
            memory.Write(Size, 5);
            new Linker().Define("host", "memory", memory).Instantiate(store, module);
            Assert.Equal(Contents, memory.Slice(0, Size).ToArray());
            Assert.Equal(5, memory.Read<int>(Size));
        }
    }

    [Fact]
    public void Many_threads_instantiate_at_once()
    {
        var module = new ModuleText().Memory(2, export: "memory").Bytes(Place, Contents).Compile();
        Parallel.For(0, 64, _ =>
        {
            using var store = new Store();
            Assert.Equal(Contents, new Linker().Instantiate(store, module).GetMemory("memory").Slice(Place, Size).ToArray());
        });
    }

    [Fact]
    public void The_image_of_a_dropped_module_is_given_back()
    {
        var image = MapAndDrop();
        for (var round = 0; image.IsAlive && round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(image.IsAlive);
    }

    [Fact]
    public void An_image_reads_as_zeros_when_its_part_of_the_file_was_given_back()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Images are made on Linux.");
        var image = MemoryImage.TryCreate([(0L, Contents)], 0, Size)!;
        var read = new byte[Size];
        image.Read(0, read);
        Assert.Equal(Contents, read);
        image.Dispose();
        image.Read(0, read);
        Assert.True(read.AsSpan().IndexOfAnyExcept((byte)0) < 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference MapAndDrop()
    {
        var module = new ModuleText().Memory(2, export: "memory").Bytes(Place, Contents).Compile();
        Instantiate(module);
        Instantiate(module);
        return new WeakReference(module.Images ?? new object());
    }

    static Instance Instantiate(Module module) => new Linker().Instantiate(new Store(), module);

    static byte[] Pattern(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
