using System.Text;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Snapshots;

/// <summary>What cannot be captured or restored is refused in a sentence, and never half done in silence.</summary>
public sealed class SnapshotRefusalTests
{
    static readonly ModuleText Holder = new ModuleText().Global(ValueKind.ExternRef, "ref.null extern", mutable: true, export: "held")
        .Table(4, export: "table");

    [Fact]
    public void An_object_of_the_host_needs_a_codec()
    {
        var instance = Start(Holder.Compile());
        instance.GetGlobal("held").Value = Value.FromObject("a text");
        Assert.Equal("global 0 holds an object of the host (String): give a codec that writes it", Refusal(() => Snapshot.Capture(instance)));
        var bytes = Snapshot.Capture(instance, new Texts()).ToArray();
        Assert.Contains("give the codec", Refusal(() => Snapshot.Read(bytes).Restore(new Store(), instance.Module, new Linker())));
        var restored = Snapshot.Read(bytes).Restore(new Store(), instance.Module, new Linker(), new Texts());
        Assert.Equal("a text", restored.GetGlobal("held").Value.AsObject());
    }

    [Fact]
    public void A_function_of_another_instance_is_refused()
    {
        var store = new Store();
        var (one, other) = (new Linker().Instantiate(store, Holder.Compile()), new Linker().Instantiate(store, new ModuleText().Function("f", "->", "").Compile()));
        one.GetTable("table")[2] = other.GetFunction("f");
        Assert.StartsWith("table 0, element 2 holds a function () -> () that is not of this instance", Refusal(() => Snapshot.Capture(one)));
    }

    [Fact]
    public void Shared_memory_is_refused()
    {
        var store = new Store(new StoreLimits { Threads = true });
        var instance = new Linker().Instantiate(store, new ModuleText().SharedMemory(1, 2).Compile());
        Assert.Contains("shared with other threads", Refusal(() => Snapshot.Capture(instance)));
    }

    [Fact]
    public void A_running_guest_is_not_captured()
    {
        Instance? instance = null;
        var linker = new Linker().Define("env", "now", () => { Snapshot.Capture(instance!); });
        instance = linker.Instantiate(new Store(), new ModuleText().Import("env", "now", "->").Function("run", "->", "call 0").Compile());
        Assert.Throws<InvalidOperationException>(instance.GetFunction<Action>("run"));
    }

    [Fact]
    public void Another_module_and_other_options_are_refused()
    {
        var text = new ModuleText().Memory(1);
        var snapshot = Snapshot.Capture(Start(text.Compile()));
        Assert.StartsWith("the snapshot is of the module ", Refusal(() => snapshot.Restore(new Store(), new ModuleText().Memory(2).Compile(), new Linker())));
        Assert.Contains("now with Fuel=True",
            Refusal(() => snapshot.Restore(new Store(), text.Compile(new CompileOptions { Fuel = true }), new Linker())));
    }

    [Fact]
    public void A_store_that_is_too_small_is_named()
    {
        var instance = Start(new ModuleText().Memory(1, export: "memory").Table(1, export: "table").Compile());
        Assert.True(instance.GetMemory("memory").TryGrow(9) && instance.GetTable("table").TryGrow(99));
        var snapshot = Snapshot.Capture(instance);
        Assert.Contains("memory 0 has 10 pages", Refusal(() => snapshot.Restore(new Store(new StoreLimits { MemoryPages = 9 }), instance.Module, new Linker())));
        Assert.Contains("table 0 has 100 elements",
            Refusal(() => snapshot.Restore(new Store(new StoreLimits { TableElements = 99 }), instance.Module, new Linker())));
    }

    [Theory]
    [InlineData(0, "they do not begin as one")]
    [InlineData(15, "is of version 3, and this engine reads version 1")]
    [InlineData(60, "its checksum is another")]
    public void A_flipped_bit_is_refused(int position, string says)
    {
        var bytes = Snapshot.Capture(Start(Holder.Compile())).ToArray();
        bytes[position] ^= 2;
        Assert.Contains(says, Assert.Throws<DamagedStateException>(() => Snapshot.Read(bytes)).Message);
    }

    [Fact]
    public void A_cut_is_refused_wherever_it_is()
    {
        var bytes = Snapshot.Capture(Start(Holder.Compile())).ToArray();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<DamagedStateException>(() => Snapshot.Read(bytes.AsMemory(0, length)));
    }

    static Instance Start(Module module) => new Linker().Instantiate(new Store(), module);

    static string Refusal(Action action) => Assert.Throws<SnapshotException>(action).Message;

    sealed class Texts : IHostObjectCodec
    {
        public byte[]? Write(object value) => value is string text ? Encoding.UTF8.GetBytes(text) : null;

        public object Read(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
    }
}
